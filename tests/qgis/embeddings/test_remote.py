"""Embeddings with the backend on another machine: pixels and vectors go there, files and answers come back."""

import os
import shutil
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtWidgets import QLabel, QPushButton
from toposcope.plugin import credentials
from toposcope.plugin import plugin as plugin_module
from toposcope.plugin.settings import BACKEND_MODE, CA_FILE, REMOTE, REMOTE_URL, Settings

from tests.contract.test_remote import TOKEN, Server, make_certificate
from tests.memory_store import MemoryStore
from tests.qgis.embeddings.conftest import ROOT, show
from tests.qgis.embeddings.scene import roof, write_image
from tests.qgis.embeddings.test_ask import answered, click, shown_at


@pytest.fixture
def server(tmp_path):
    python = Path(os.environ.get("TOPOSCOPE_TEST_PYTHON") or ROOT / "build/python")
    if not python.exists() or not (ROOT / "backend/weights/mini/encoder.onnx").exists():
        pytest.skip("needs the backend's environment and Mini's weights")
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    (tmp_path / "there").mkdir()
    made = Server(python, tmp_path / "there", *make_certificate(tmp_path))
    yield made
    made.kill()


@pytest.fixture
def there(server, qgis_iface, qgis_canvas, qgis_new_project, monkeypatch, tmp_path, qtbot):
    kept = Settings(MemoryStore())
    for setting, value in ((BACKEND_MODE, REMOTE), (REMOTE_URL, server.url), (CA_FILE, str(server.certificate))):
        kept.set(setting, value)
    monkeypatch.setattr(plugin_module, "qgis_settings", lambda: kept)
    monkeypatch.setattr(credentials, "read", lambda _key: TOKEN)
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "here"))
    import toposcope

    loaded = toposcope.classFactory(qgis_iface)
    loaded.initGui()
    loaded.show_action.setChecked(True)
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    qgis_canvas.window().show()
    qgis_canvas.resize(400, 400)
    show(loaded, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image"))
    yield loaded
    loaded.unload()


def test_computed_asked_and_kept_there_shown_here(there, server, qgis_canvas, tmp_path, qtbot):
    page, embeddings = there.embeddings_page, there.embeddings
    page.findChild(QPushButton, "embed").click()
    qtbot.waitUntil(lambda: embeddings.compute._submission is None, timeout=120_000)
    assert embeddings.opened.path is not None, page.findChild(QLabel, "embedStatus").text()
    qtbot.waitUntil(lambda: embeddings.opened.link.info is not None, timeout=20_000)
    assert (tmp_path / "here") in embeddings.opened.path.parents
    click(embeddings.asking, roof(0))
    answered(embeddings.asking, qtbot)
    assert shown_at(qgis_canvas, embeddings.asking, roof(0)).alpha() > 100
    assert len(server.uploads()) == 1
    page.findChild(QPushButton, "keepAnswer").click()
    qtbot.waitUntil(lambda: not embeddings.tasks.jobs["keep"].running, timeout=60_000)
    said = page.findChild(QLabel, "keepAnswerStatus").text()
    assert "Places found" in said
    embeddings.opened.open("")
    qtbot.waitUntil(lambda: server.uploads() == [], timeout=10_000)
