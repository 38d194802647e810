import json

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsVectorLayer,
)
from toposcope.backend.protocol.prompts import Point, Prompts
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.result import Result, prompt_text
from toposcope.plugin.gis.result_layers import add_history, new_geopackage, new_memory_layer
from toposcope.plugin.gis.results import PolygonLayer, problem_with
from toposcope.plugin.gis.styles import QML, segment_renderer

UTM11 = QgsCoordinateReferenceSystem("EPSG:32611")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
SQUARE = [QgsPointXY(500000, 4000000), QgsPointXY(500010, 4000000), QgsPointXY(500010, 4000010)]
TWO = [[[QgsPointXY(p.x() + shift, p.y()) for p in [*SQUARE, SQUARE[0]]]] for shift in (0, 100)]
RESULT = Result(
    QgsGeometry.fromMultiPolygonXY(TWO),
    UTM11,
    0.91234,
    50.0,
    '{"id":"1"}',
    "classic",
    "ortho",
    created="2026-01-01T00:00:00Z",
)


def only(layer):
    features = list(layer.getFeatures())
    assert len(features) == 1
    return features[0]


def test_a_new_layer_takes_an_object_as_one_undo_command(qgis_app):
    layer = new_memory_layer("objects", UTM11)
    target = PolygonLayer(layer)
    target.add(RESULT)
    target.add(RESULT)
    assert layer.isEditable()
    assert layer.undoStack().count() == 2
    assert layer.featureCount() == 2
    layer.undoStack().undo()
    feature = only(layer)
    assert feature["score"] == 0.9123
    assert feature["area_m2"] == 50
    assert (feature["model"], feature["source"], feature["created"]) == ("classic", "ortho", "2026-01-01T00:00:00Z")
    assert feature.geometry().area() == pytest.approx(100)
    layer.undoStack().undo()
    assert layer.featureCount() == 0
    layer.undoStack().redo()
    assert layer.featureCount() == 1


def test_results_are_reprojected(qgis_app):
    layer = new_memory_layer("objects", WGS84)
    PolygonLayer(layer).add(RESULT)
    box = only(layer).geometry().boundingBox()
    assert box.xMinimum() == pytest.approx(-117, abs=1e-6)
    assert 36 < box.yMinimum() < 37


def test_a_polygon_layer_gets_the_parts_in_one_command(qgis_app):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32611&field=score:double", "single", "memory")
    ids = PolygonLayer(layer).add(RESULT)
    assert len(ids) == 2
    assert layer.featureCount() == 2
    layer.undoStack().undo()
    assert layer.featureCount() == 0


def test_fields_of_a_foreign_layer_are_matched_never_added_never_bent(qgis_app):
    layer = QgsVectorLayer(
        "MultiPolygonZ?crs=EPSG:32611&field=SCORE:double&field=model:string(3)&field=source:string(80)"
        "&field=created:integer&field=note:string(10)",
        "theirs",
        "memory",
    )
    names = layer.fields().names()
    PolygonLayer(layer).add(RESULT)
    feature = only(layer)
    assert layer.fields().names() == names
    assert (feature["SCORE"], feature["source"]) == (0.9123, "ortho")
    assert [feature[name] for name in ("model", "created", "note")] == [NULL, NULL, NULL]
    assert feature.geometry().constGet().is3D()


def test_a_value_that_a_layer_insists_on_is_named(tmp_path, qgis_app):
    path = tmp_path / "parcels.gpkg"
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    table = dataset.CreateLayer("parcels", osr.SpatialReference(wkt=UTM11.toWkt()), ogr.wkbMultiPolygon)
    for name, default in (("owner", None), ("state", "'new'")):
        column = ogr.FieldDefn(name, ogr.OFTString)
        column.SetNullable(False)
        column.SetDefault(default)
        table.CreateField(column)
    del table, dataset
    layer = QgsVectorLayer(f"{path}|layername=parcels", "Parcels", "ogr")
    polygons = PolygonLayer(layer)
    ids = polygons.add(RESULT)
    assert "“Parcels” needs a value for “owner”;" in polygons.lacks(ids)
    assert not layer.commitChanges(False)
    assert layer.featureCount() == 1
    layer.changeAttributeValue(ids[0], layer.fields().indexOf("owner"), "somebody")
    assert polygons.lacks(ids) == ""
    assert layer.commitChanges()


def test_geopackage_keeps_objects_style_and_history(tmp_path, qgis_app):
    path = tmp_path / "out.gpkg"
    layer = new_geopackage(path, "roofs", UTM11)
    add_history(layer, "classic on ortho")
    add_history(layer, "classic on ortho")
    assert layer.metadata().history() == ["classic on ortho"]
    PolygonLayer(layer).add(RESULT)
    assert layer.commitChanges()
    again = QgsVectorLayer(f"{path}|layername=roofs", "again", "ogr")
    feature = only(again)
    assert (feature["score"], feature["model"]) == (0.9123, "classic")
    assert again.renderer().symbol().symbolLayerCount() == 3
    assert "AI-generated" in again.metadata().keywords()["gmd:topicCategory"]
    with pytest.raises(Refused, match="already"):
        new_geopackage(path, "roofs", UTM11)
    assert new_geopackage(path, "fields", UTM11).isValid()
    assert only(QgsVectorLayer(f"{path}|layername=roofs", "again", "ogr"))["model"] == "classic"


def test_places_that_cannot_be_written_are_said(tmp_path, qgis_app):
    with pytest.raises(Refused, match="cannot be written"):
        new_geopackage(tmp_path / "no" / "such" / "out.gpkg", "x", UTM11)


def test_layers_that_take_no_polygons(layer, tmp_path, qgis_app):
    assert "not a polygon layer" in problem_with(QgsVectorLayer("Point?crs=EPSG:4326", "dots", "memory"))
    assert "not a polygon layer" in problem_with(layer())
    frozen = new_memory_layer("frozen", UTM11)
    frozen.setReadOnly(True)
    with pytest.raises(Refused, match="read-only"):
        PolygonLayer(frozen)


def test_nothing_is_left_behind_when_the_object_is_empty(qgis_app):
    layer = new_memory_layer("objects", UTM11)
    empty = Result(QgsGeometry(), UTM11, 0, 0)
    with pytest.raises(Refused, match="no object"):
        PolygonLayer(layer).add(empty)
    assert layer.undoStack().count() == 0


def test_without_a_crs_geometries_pass_unchanged(qgis_app):
    layer = new_memory_layer("pixels", QgsCoordinateReferenceSystem())
    PolygonLayer(layer).add(RESULT)
    assert only(layer).geometry().boundingBox().xMinimum() == 500000


def test_the_shipped_style_is_the_one_built_in_code(qgis_app):
    from_file = QgsVectorLayer("Polygon?crs=EPSG:4326", "file", "memory")
    assert from_file.loadNamedStyle(str(QML))[1]
    assert from_file.renderer().symbol().dump() == segment_renderer().symbol().dump()


def test_prompts_as_text_read_back(qgis_app):
    text = prompt_text(Prompts(points=(Point(1, 2), Point(3, 4, 0))))
    assert json.loads(text) == {"points": [{"x": 1, "y": 2}, {"x": 3, "y": 4, "label": 0}]}
