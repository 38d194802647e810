import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from toposcope.plugin.processing.provider import ToposcopeProvider
from toposcope.plugin.server import state


class Feedback(QgsProcessingFeedback):
    """Writes down what it is told."""

    def __init__(self):
        super().__init__()
        self.warnings, self.errors, self.values = [], [], []
        self.progressChanged.connect(self.values.append)

    def pushWarning(self, warning):  # noqa: N802
        self.warnings.append(warning)

    def reportError(self, error, _fatal=False):  # noqa: N802
        self.errors.append(error)


@pytest.fixture
def feedback():
    return Feedback()


@pytest.fixture
def context():
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    return made


@pytest.fixture
def home(tmp_path, monkeypatch, qgis_app):
    """A data folder of this test's own, in which nothing is installed."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def installed(home, backend_python):
    """The backend's interpreter is known there."""
    state.switch_to_python(backend_python)


@pytest.fixture
def provider(qgis_app):
    """The provider in the registry, with no backend running."""
    registry = QgsApplication.processingRegistry()
    made = ToposcopeProvider()
    registry.addProvider(made)
    yield made
    registry.removeProvider(made)


@pytest.fixture
def picture(layer):
    """A grey image of 96 x 64 pixels of half a metre with a bright rectangle: columns 20..49, rows 10..39."""
    made = layer("scene.tif", width=96, height=64, bands=1)
    paint(made.source())
    layer_again = QgsRasterLayer(made.source(), "scene")
    QgsProject.instance().addMapLayer(layer_again)
    return layer_again


def paint(path):
    from osgeo import gdal

    dataset = gdal.Open(path, gdal.GA_Update)
    inside = lambda c, r: 20 <= c < 50 and 10 <= r < 40  # noqa: E731
    values = bytes(200 if inside(c, r) else 40 for r in range(64) for c in range(96))
    dataset.GetRasterBand(1).WriteRaster(0, 0, 96, 64, values)
    dataset.FlushCache()
