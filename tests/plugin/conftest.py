"""Lets the modules that need only Qt run where there is no QGIS: `qgis.PyQt` then stands for PyQt6."""

import importlib
import importlib.util
import os
import sys
import time
import types

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _stand_in():
    """Give `qgis.PyQt` the modules of PyQt6, as QGIS built with Qt 6 does."""
    qgis, pyqt = types.ModuleType("qgis"), types.ModuleType("qgis.PyQt")
    qgis.__path__, pyqt.__path__ = [], []
    qgis.PyQt = pyqt
    sys.modules.update({"qgis": qgis, "qgis.PyQt": pyqt})
    for name in ("QtCore", "QtNetwork", "QtGui"):
        module = importlib.import_module(f"PyQt6.{name}")
        setattr(pyqt, name, module)
        sys.modules[f"qgis.PyQt.{name}"] = module


HAS_QT = True
if "qgis" not in sys.modules and importlib.util.find_spec("qgis") is None:
    if importlib.util.find_spec("PyQt6") is None:
        HAS_QT = False
        collect_ignore_glob = ["*"]
    else:
        _stand_in()


@pytest.fixture(scope="session")
def application():
    """The one QCoreApplication of this process."""
    from qgis.PyQt.QtCore import QCoreApplication

    return QCoreApplication.instance() or QCoreApplication([])


@pytest.fixture
def wait(application):
    """Return `wait(condition, seconds=10)`: runs the event loop until the condition holds."""
    from qgis.PyQt.QtCore import QEventLoop

    def until(condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    return until
