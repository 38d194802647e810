"""What is finished so far, on the map while a search runs."""

import pytest
from osgeo import gdal
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject
from toposcope.backend.protocol.jobs import RUNNING, JobState, Partial
from toposcope.plugin.gis.flipped import turned_over
from toposcope.plugin.gis.partial_layer import PartialLayer
from toposcope.plugin.gis.refused import Refused

from tests.qgis.ground import runs
from tests.qgis.ground.test_layers import POOL, ROOF_1, lit


@pytest.fixture
def parent(qgis_new_project):
    return QObject()


def grown(path, rows, georeferenced=True):
    """Write a class map that is done down to a row: a VRT with a palette over a file, both in place of earlier ones."""
    tile = path.with_name(f"unit-{rows}.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(str(tile), runs.WIDTH, runs.HEIGHT, 1, gdal.GDT_Byte)
    if georeferenced:
        dataset.SetProjection(runs.utm().ExportToWkt())
        dataset.SetGeoTransform((runs.LEFT, runs.PIXEL, 0, runs.TOP, 0, -runs.PIXEL))
    else:
        dataset.SetGeoTransform((runs.COLUMN, 1, 0, runs.ROW, 0, 1))
    band, colours = dataset.GetRasterBand(1), gdal.ColorTable()
    colours.SetColorEntry(1, (228, 26, 28, 255))
    band.SetColorTable(colours)
    band.WriteRaster(0, 0, runs.WIDTH, rows, bytes([1]) * (runs.WIDTH * rows))
    dataset.FlushCache()
    beside = path.with_name("new.vrt")
    gdal.Translate(str(beside), dataset, format="VRT").FlushCache()
    beside.replace(path)


def at(path, done):
    return JobState("job", "ground", RUNNING, "", partial=Partial(str(path), done, 2))


def test_it_grows_and_goes(parent, tmp_path):
    path = tmp_path / "partial.vrt"
    grown(path, 30)
    partial = PartialLayer("So far: roof", None, parent)
    partial.follow(at(path, 1))
    [layer] = QgsProject.instance().mapLayers().values()
    assert layer.name() == "So far: roof"
    assert lit(layer, ROOF_1, POOL) == [True, False]
    grown(path, 64)
    partial.follow(at(path, 2))
    assert lit(layer, ROOF_1, POOL) == [True, True]
    partial.remove()
    assert not QgsProject.instance().mapLayers()


def test_in_an_image_without_georeference_it_grows_where_qgis_shows_it(parent, tmp_path):
    path, turned = tmp_path / "partial.vrt", tmp_path / "so_far.vrt"
    grown(path, 30, georeferenced=False)
    partial = PartialLayer("So far: roof", turned, parent)
    partial.follow(at(path, 1))
    [layer] = QgsProject.instance().mapLayers().values()
    assert lit(layer, ROOF_1, POOL, georeferenced=False) == [True, False]
    grown(path, 64, georeferenced=False)
    partial.follow(at(path, 2))
    assert lit(layer, ROOF_1, POOL, georeferenced=False) == [True, True]
    partial.remove()
    assert not QgsProject.instance().mapLayers()
    assert not turned.exists()


def test_one_that_the_person_removed_does_not_come_back(parent, tmp_path):
    path = tmp_path / "partial.vrt"
    grown(path, 30)
    partial = PartialLayer("So far", None, parent)
    partial.follow(at(path, 1))
    QgsProject.instance().removeAllMapLayers()
    partial.follow(at(path, 2))
    assert not QgsProject.instance().mapLayers()
    partial.remove()


def test_what_cannot_be_written_is_refused(tmp_path):
    grown(tmp_path / "partial.vrt", 30, georeferenced=False)
    with pytest.raises(Refused, match="so_far"):
        turned_over(tmp_path / "partial.vrt", tmp_path / "gone/so_far.vrt")
