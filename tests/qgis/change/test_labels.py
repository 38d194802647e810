"""Layers that say what is where: their classes by name, and files of them."""

import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor
from toposcope.plugin.gis.change_labels import class_names, is_plain_file, raster_classes, write_raster_labels
from toposcope.plugin.gis.flipped import flipped_raster
from toposcope.plugin.gis.land_cover import COLOURS, is_obvious
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.thresholded import write_thresholded

from tests.qgis.change.scene import SIZE, write_classes


def test_classes_are_those_of_the_legend_else_of_the_file(add, tmp_path):
    layer = add(write_classes(tmp_path / "named.tif"), "named")
    assert raster_classes(layer) == [(1, "grass"), (2, "road"), (3, "house")]
    legend = [
        QgsPalettedRasterRenderer.Class(3, QColor("red"), "roof"),
        QgsPalettedRasterRenderer.Class(1, QColor(), "1"),
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, legend))
    assert class_names(layer) == ["roof"]
    assert class_names(add(write_classes(tmp_path / "plain.tif", named=False), "plain")) == []


def test_columns_of_polygons_name_classes():
    layer = QgsVectorLayer("Polygon?field=class:string", "parcels", "memory")
    assert class_names(layer, "class") == []
    assert class_names(layer, "other") == []
    assert class_names(None) == []


def best_of(path, origin=None):
    """Write a class map with scores as Ground does: class 1 everywhere, a score of 200 on the left, 50 on the right."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 20, 2)
    if origin:
        dataset.SetGeoTransform((origin[0], 1, 0, origin[1], 0, 1))
    dataset.GetRasterBand(1).WriteRaster(0, 0, 40, 20, b"\x01" * 800, buf_type=gdal.GDT_Byte)
    scores = (b"\xc8" * 20 + b"\x32" * 20) * 20
    dataset.GetRasterBand(2).WriteRaster(0, 0, 40, 20, scores, buf_type=gdal.GDT_Byte)
    dataset.FlushCache()
    return path


def test_a_class_map_from_a_score_on_becomes_what_is_seen_of_it(add, tmp_path):
    shown = write_thresholded(best_of(tmp_path / "best.tif"), 0.5)
    layer = add(shown, "class map")
    assert not is_plain_file(layer)
    written = gdal.Open(str(write_raster_labels(layer.source(), "", tmp_path / "labels.tif")))
    assert written.RasterCount == 1
    rows = written.ReadRaster()
    assert (rows[0], rows[39]) == (1, 255)


def test_a_part_of_an_image_without_georeference_is_put_where_it_lies(tmp_path):
    part = best_of(tmp_path / "part.tif", origin=(30, 50))
    shown = write_thresholded(flipped_raster(part), 0.5)
    written = gdal.Open(str(write_raster_labels(str(shown), "", tmp_path / "labels.tif", (SIZE, SIZE))))
    assert (written.RasterXSize, written.RasterYSize) == (SIZE, SIZE)
    rows = written.ReadRaster()
    seen = {(index % SIZE, index // SIZE) for index, value in enumerate(rows) if value == 1}
    assert seen == {(column, row) for column in range(30, 50) for row in range(50, 70)}
    assert written.GetGeoTransform() == (0, 1, 0, 0, 0, 1)


def test_what_is_no_raster_is_refused(tmp_path):
    (tmp_path / "bad.tif").write_text("no raster")
    with pytest.raises(Refused, match=r"bad\.tif"):
        write_raster_labels(str(tmp_path / "bad.tif"), "", tmp_path / "labels.tif")


def test_words_mean_what_they_mean_to_the_backend():
    assert all(is_obvious(name) for name in (*COLOURS, "House", "forest"))
    assert not is_obvious("chalet")
