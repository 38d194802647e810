"""The plugin with a real backend: a process of its own on this machine, or a server as if on another."""

import os
import shutil
from pathlib import Path

import pytest
from toposcope.plugin import credentials
from toposcope.plugin import plugin as plugin_module
from toposcope.plugin.server import state
from toposcope.plugin.settings import BACKEND_MODE, CA_FILE, REMOTE, REMOTE_URL, Settings

from tests.memory_store import MemoryStore

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def backend_python():
    """The interpreter that runs the backend, with Mini."""
    named = Path(os.environ.get("TOPOSCOPE_TEST_PYTHON") or ROOT / "build/python")
    if not named.exists() or not (ROOT / "backend/weights/mini/encoder.onnx").exists():
        pytest.skip("needs an environment that runs the backend (TOPOSCOPE_TEST_PYTHON) and Mini's weights")
    return named


@pytest.fixture(scope="module")
def loaded(backend_python, qgis_iface, tmp_path_factory, qgis_app):
    """The plugin with a backend that stays up for all tests of a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPOSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        state.switch_to_python(backend_python)
        made = load(qgis_iface)
        yield made
        made.unload()


@pytest.fixture
def server(backend_python, tmp_path, qgis_app):
    """A backend as on another machine; `server.uploads()` are the files it holds."""
    from tests.contract.test_remote import Server, make_certificate

    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    (tmp_path / "there").mkdir()
    made = Server(backend_python, tmp_path / "there", *make_certificate(tmp_path))
    yield made
    made.kill()


@pytest.fixture
def remote_settings(server, monkeypatch):
    """The settings of somebody who chose this server; the token is kept."""
    from tests.contract.test_remote import TOKEN

    kept = Settings(MemoryStore())
    for setting, value in ((BACKEND_MODE, REMOTE), (REMOTE_URL, server.url), (CA_FILE, str(server.certificate))):
        kept.set(setting, value)
    tokens = {credentials.server(server.url): TOKEN}
    monkeypatch.setattr(credentials, "read", lambda key: tokens.get(key, ""))
    return kept


@pytest.fixture
def loaded_remote(remote_settings, qgis_iface, qgis_new_project, monkeypatch, tmp_path, qtbot):
    """The plugin connected to `server`; its own data lies in `tmp_path` / here."""
    monkeypatch.setattr(plugin_module, "qgis_settings", lambda: remote_settings)
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "here"))
    made = load(qgis_iface)
    qtbot.waitUntil(lambda: made.connection.ready, timeout=60_000)
    yield made
    made.unload()


def load(iface):
    import toposcope

    made = toposcope.classFactory(iface)
    made.initGui()
    made.show_action.setChecked(True)
    return made
