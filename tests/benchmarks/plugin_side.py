"""What benchmarks of the plugin share: its modules under their QGIS name, the event loop, a backend of its own.

Runs in QGIS's Python (Qt 5) and in an environment with PyQt6.
"""

import importlib.util
import os
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "benchmarks"


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_load("toposcope_qt_fixtures", ROOT / "tests/plugin/conftest.py")
_load("toposcope_package", ROOT / "tests/conftest.py")
MemoryStore = _load("memory_store", ROOT / "tests/memory_store.py").MemoryStore

from qgis.PyQt.QtCore import QCoreApplication, QEventLoop  # noqa: E402
from toposcope.plugin.server import launcher  # noqa: E402
from toposcope.plugin.settings import Settings  # noqa: E402
from toposcope.plugin.state.connection import Connection  # noqa: E402
from toposcope.plugin.state.session import SegmentSession, SessionState  # noqa: E402


def run_until(condition):
    """Run the event loop until the condition holds."""
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def connect(python, root=ROOT, home=WORK / "home"):
    """Return a connection that starts the backend of `root` with `python`; its data lie in `home`."""
    os.environ["TOPOSCOPE_HOME"] = str(home)
    return Connection(Settings(MemoryStore()), str, lambda done: launcher.start(Path(python), done, root))


@contextmanager
def opened(connection, source, model):
    """Yield a session that is ready."""
    session = SegmentSession(connection)
    session.failed.connect(lambda error: sys.exit(f"{error.sentence} {error.detail}"))
    session.open(source, model)
    run_until(lambda: session.state is SessionState.READY)
    yield session
    session.close()


def stop(connection):
    """End the backend and wait until it is gone."""
    stopped = []
    connection.stop(stopped.append)
    run_until(lambda: stopped)
