import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from toposcope.plugin.gis.ground_layers import RunMark, groups

from tests.qgis.conftest import look_at, write_raster
from tests.qgis.ground import runs


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_new_project, monkeypatch, tmp_path):
    """The loaded plugin with no backend installed, an image in the project, the map on it."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    import toposcope

    loaded = toposcope.classFactory(qgis_iface)
    loaded.initGui()
    x0, y0, x1, y1 = runs.corners((0, 0, runs.WIDTH, runs.HEIGHT))
    path = write_raster(tmp_path / "image.tif", runs.WIDTH, runs.HEIGHT, origin=(runs.LEFT, runs.TOP))
    image = QgsRasterLayer(str(path), "image")
    QgsProject.instance().addMapLayer(image)
    look_at(qgis_canvas, image.crs(), QgsRectangle(x0, y0, x1, y1))
    yield loaded
    loaded.unload()


@pytest.fixture
def image(plugin):
    return QgsProject.instance().mapLayersByName("image")[0]


@pytest.fixture
def add_run(plugin, image, tmp_path, qtbot):
    """Return a function that puts a run into the project, as the end of a job does."""

    def add(name="one", **options):
        folder = runs.write_run(tmp_path / name, **options)
        mark = RunMark(name, str(folder), image.id(), "roof; swimming pool", "mini")
        plugin.ground.results.add(mark, f"run {name}")
        shelf = plugin.ground.results.shelf
        qtbot.waitUntil(lambda: shelf.mark == mark and shelf.run is not None, timeout=10_000)
        return groups()[0]

    return add
