"""Real servers for real clients. The client's side runs on QGIS's Qt or, where there is no QGIS, on PyQt6."""

import importlib.util
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVED = Path(__file__).with_name("served.py")


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_qt = _load("toposcope_qt_fixtures", ROOT / "tests/plugin/conftest.py")
application, wait = _qt.application, _qt.wait
if not _qt.HAS_QT:
    collect_ignore_glob = ["test_*.py"]


def backend_python():
    """Return a Python with the backend's packages: this one, or the one `TOPOSCOPE_TEST_PYTHON` names."""
    if importlib.util.find_spec("starlette") and importlib.util.find_spec("uvicorn"):
        return Path(sys.executable)
    named = os.environ.get("TOPOSCOPE_TEST_PYTHON") or ROOT / "build/python"
    return Path(named) if Path(named).exists() else None


@pytest.fixture
def python():
    found = backend_python()
    if found is None:
        pytest.skip("no Python with the backend's packages (TOPOSCOPE_TEST_PYTHON names one)")
    return found


@pytest.fixture
def launch(python, tmp_path, monkeypatch):
    """Return a function that starts the real server around the scripted engine of `served.py`, as the plugin would."""
    from toposcope.plugin.server import process
    from toposcope.plugin.server.launcher import Backend

    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    started = []

    def start(on_exit=lambda status, lines: None, *arguments):
        command = [str(python), str(SERVED), str(tmp_path / "data"), *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        child = process.start(command, process.clean_environment(PYTHONPATH=str(ROOT)), ROOT, **pipes)
        token = secrets.token_hex(32)
        backend = Backend(child, token, on_exit)
        started.append(backend)
        backend._greet(token, 60)
        return backend

    start.started = started
    yield start
    for backend in started:
        backend.stop()


@pytest.fixture
def endpoint(launch):
    from toposcope.plugin.client.endpoint import parse_endpoint

    backend = launch()
    return parse_endpoint(backend.url, backend.token)


@pytest.fixture
def connection(launch, application):
    from toposcope.plugin.settings import Settings
    from toposcope.plugin.state.connection import Connection

    from tests.memory_store import MemoryStore

    made = Connection(Settings(MemoryStore()), str, launch)
    made.notices = []
    made.notice.connect(made.notices.append)
    yield made
    made.stop()


@pytest.fixture
def ready(connection, wait):
    connection.start()
    wait(lambda: connection.ready)
    return connection


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.tif"
    path.write_bytes(b"II*\0" + bytes(range(256)) * 64)
    return path
