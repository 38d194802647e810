"""Pairs and change from the toolbox, with a real backend process."""

import csv
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from tests.qgis.change.scene import HOUSES, LEFT, PIXEL, SIDE, SIZE, TOP, place, write_classes, write_picture


@pytest.fixture
def run(provider, installed, context, feedback):
    """Return a function that runs an algorithm and returns (results, whether it went well, what was said)."""

    def act(name, parameters):
        algorithm = QgsApplication.processingRegistry().algorithmById(f"toposcope:{name}")
        results, ok = algorithm.run(parameters, context, feedback)
        return results, ok, " ".join([*feedback.errors, feedback.textLog()])

    return act


@pytest.fixture
def town(tmp_path):
    return str(write_picture(tmp_path / "town.tif")), str(write_classes(tmp_path / "classes.tif"))


def changed(path):
    return sum(value == 1 for value in gdal.Open(str(path)).ReadRaster())


@pytest.mark.parametrize("name", ["changepairs", "detectchange"])
def test_help_is_there(provider, name):
    algorithm = QgsApplication.processingRegistry().algorithmById(f"toposcope:{name}")
    assert Path(algorithm.helpUrl().replace("file://", "")).is_file()


def test_pairs_become_a_data_set_in_the_folder_wanted(run, town, tmp_path):
    image, labels = town
    into = tmp_path / "set"
    parameters = {"INPUT": image, "LABELS": labels, "EVENT": "remove", "CLASS": "house", "MOST": 1, "COUNT": 2}
    results, ok, said = run("changepairs", {**parameters, "SIDE": 64, "SEED": 4, "MARGIN": 3, "OUTPUT": str(into)})
    assert ok, said
    assert results["OUTPUT"] == str(into)
    assert changed(into / "pair_0002" / "change.tif") > 0
    assert 255 in gdal.Open(str(into / "pair_0002" / "change.tif")).ReadRaster()
    assert (into / "splits" / "train.txt").is_file()
    assert gdal.Open(str(into / "pair_0001" / "after.tif")).GetMetadataItem("AI_GENERATED") == "YES"


def test_polygons_are_labels_with_their_column(run, town, tmp_path):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32611&field=kind:string", "parcels", "memory")
    for x, y in HOUSES:
        left, top = place(x, y)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, top - SIDE / 2, left + SIDE / 2, top)))
        feature["kind"] = "chalet"
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    given = {"INPUT": town[0], "LABELS": layer.id(), "CLASS": "chalet", "OUTPUT": str(tmp_path / "pair")}
    _results, ok, said = run("changepairs", given)
    assert not ok
    assert "no column “class”" in said
    given.update(COLUMN="kind", LIKE="chalet=building", MOST=1)
    _results, ok, said = run("changepairs", given)
    assert ok, said
    assert 100 < changed(tmp_path / "pair" / "change.tif") < 400
    QgsProject.instance().clear()


def test_what_the_backend_refuses_is_said(run, town, tmp_path):
    given = {"INPUT": town[0], "LABELS": town[1], "CLASS": "castle", "OUTPUT": str(tmp_path / "pair")}
    _results, ok, said = run("changepairs", given)
    assert not ok
    assert "castle" in said
    assert not (tmp_path / "pair").exists()


def test_change_becomes_map_polygons_and_table(run, town, tmp_path):
    later = str(write_picture(tmp_path / "later.tif", HOUSES[1:]))
    given = {
        "BEFORE": town[0],
        "AFTER": later,
        "METHOD": "distance",
        "MINIMUM": 1,
        "OUTPUT": str(tmp_path / "c.tif"),
        "POLYGONS": str(tmp_path / "c.gpkg"),
        "AREAS": str(tmp_path / "c.csv"),
    }
    results, ok, said = run("detectchange", given)
    assert ok, said
    assert set(results) == {"OUTPUT", "POLYGONS", "AREAS"}
    assert "light" in said
    outlines = QgsVectorLayer(results["POLYGONS"])
    x, y = HOUSES[0]
    assert outlines.extent().contains(QgsGeometry.fromWkt("POINT({} {})".format(*place(x + 7, y + 7))).asPoint())
    with (tmp_path / "c.csv").open() as file:
        assert float(next(csv.DictReader(file))["area_m2"]) > 10
    assert QgsRasterLayer(results["OUTPUT"]).width() == SIZE


def test_buildings_alone_are_asked_of_a_detector(run, town, tmp_path):
    given = {"BEFORE": town[0], "AFTER": town[0], "ONLY": "building", "OUTPUT": str(tmp_path / "c.tif")}
    _results, ok, said = run("detectchange", given)
    assert not ok
    assert "knows no buildings; choose the method detector" in said
    _results, ok, said = run("detectchange", {**given, "METHOD": "detector"})
    assert ok, said
    assert "Only buildings that come or go" in said
    _results, ok, said = run("detectchange", {**given, "METHOD": "detector", "CLASSES": "house; wood"})
    assert not ok
    assert "answers in classes of its own; leave classes out" in said


def test_an_area_without_georeference_is_where_qgis_shows_it(run, tmp_path):
    image = str(write_picture(tmp_path / "plain.tif", placed=False))
    later = str(write_picture(tmp_path / "later.tif", HOUSES[1:], placed=False))
    given = {"BEFORE": image, "AFTER": later, "EXTENT": "0,64,-64,0", "OUTPUT": str(tmp_path / "c.tif")}
    results, ok, said = run("detectchange", given)
    assert ok, said
    extent = QgsRasterLayer(results["OUTPUT"]).extent()
    assert (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()) == (0, -64, 64, 0)


def test_an_area_beside_the_image_is_refused(run, town, tmp_path):
    beside = f"{LEFT - 100},{LEFT - 50},{TOP},{TOP + SIZE * PIXEL}"
    given = {"BEFORE": town[0], "AFTER": town[0], "EXTENT": beside, "OUTPUT": str(tmp_path / "c.tif")}
    _results, ok, said = run("detectchange", given)
    assert not ok
    assert "outside the image" in said
