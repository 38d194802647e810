"""Small rasters and layers the QGIS tests share; written by GDAL, a pixel's value says where it is."""

import pytest

pytest.importorskip("qgis.core", reason="these tests need QGIS's own Python")

from osgeo import gdal, osr
from qgis.core import QgsProject, QgsRasterLayer

from tests.qgis.backends import backend_python, loaded, loaded_remote, remote_settings, server  # noqa: F401

UTM = "EPSG:32611"


def write_raster(
    path, width=64, height=48, bands=3, kind=gdal.GDT_Byte, epsg=32611, origin=(500000, 4000000), pixel=0.5
):
    """Write a GeoTIFF whose band b holds `(column + row + 10 * b) % 200`."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind)
    if epsg:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
    if origin:
        dataset.SetGeoTransform((origin[0], pixel, 0, origin[1], 0, -pixel))
    for band in range(1, bands + 1):
        rows = bytes((column + row + 10 * band) % 200 for row in range(height) for column in range(width))
        dataset.GetRasterBand(band).WriteRaster(0, 0, width, height, rows, buf_type=gdal.GDT_Byte)
    dataset.FlushCache()
    return path


@pytest.fixture
def shown_canvas(qgis_canvas, qtbot):
    """The canvas in a window that is seen: a hidden one keeps the size of a stamp."""
    qgis_canvas.window().show()
    qgis_canvas.resize(400, 400)
    qtbot.waitUntil(lambda: qgis_canvas.mapSettings().outputSize().width() > 300)
    yield qgis_canvas
    qgis_canvas.window().hide()  # left there it would catch the mouse of other tests' windows


@pytest.fixture
def raster(tmp_path):
    return write_raster


def look_at(canvas, crs, extent):
    """Give project and map this CRS, and have the map show the extent."""
    QgsProject.instance().setCrs(crs)
    canvas.setDestinationCrs(crs)
    canvas.setExtent(extent)


@pytest.fixture
def layer(tmp_path, qgis_app):
    """Return a function that writes a raster and opens it as a layer of the project."""

    def make(name="image.tif", **options):
        made = QgsRasterLayer(str(write_raster(tmp_path / name, **options)), "image")
        assert made.isValid()
        QgsProject.instance().addMapLayer(made)
        return made

    yield make
    QgsProject.instance().clear()
