"""`toposcope:ground` and `toposcope:classmap` with a real backend and Mini."""

import csv
import json
import subprocess
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from toposcope.plugin.processing.keeping import keep

ROOT = Path(__file__).parents[3]
LEFT_TO_THE_MODEL = ("threshold", "upsample", "remove_bias", "finest")
EASY = {"THRESHOLD": 0.02, "PHRASES": "building; 草地"}


@pytest.fixture
def mini(installed):
    if not (ROOT / "backend/weights/mini/encoder.onnx").exists():
        pytest.skip("needs Mini's weights")


def execute(values, context, feedback, identifier):
    algorithm = QgsApplication.processingRegistry().algorithmById(identifier)
    return algorithm.run(values, context, feedback)


def names_of(identifier):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(identifier)
    return [parameter.name() for parameter in algorithm.parameterDefinitions()], algorithm


def test_names_are_stable_and_help_is_there(provider):
    shared = ["INPUT", "PHRASES", "EXAMPLE", "EXTENT", "MODEL", "GRANULARITY", "THRESHOLD"]
    found, ground = names_of("toposcope:ground")
    rare = ["COVERAGE", "DECODER", "UPSAMPLE", "REMOVE_BIAS", "FINEST", "BANDS", "DEVICE"]
    assert found == [*shared, "OUTLINE", "MIN_AREA", "REFINE", "SEGMENTER", *rare, "OUTPUT", "SCORES"]
    found, classmap = names_of("toposcope:classmap")
    assert found == [*shared, "BACKGROUND", *rare, "OUTPUT", "SCORES", "TABLE"]
    for algorithm in (ground, classmap):
        assert "semicolons" in algorithm.shortHelpString()
        assert Path(algorithm.helpUrl().replace("file://", "")).is_file()


def test_choices_are_those_of_the_backend(provider, backend_python):
    code = (
        "import json; from backend.tasks.ground.parameters import GROUND_PARAMETERS as all; "
        "print(json.dumps({p.name: [p.default, p.choices] for p in all}))"
    )
    said = subprocess.run([backend_python, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout
    theirs = json.loads(said)
    for algorithm in [names_of(name)[1] for name in ("toposcope:ground", "toposcope:classmap")]:
        for parameter in algorithm.parameterDefinitions():
            name = parameter.name().lower()
            if name in theirs and name not in LEFT_TO_THE_MODEL:
                options = list(parameter.options()) if hasattr(parameter, "options") else []
                assert [parameter.defaultValue(), options] == theirs[name], name


def test_objects_with_phrase_and_score(provider, mini, picture, context, feedback, tmp_path):
    target, scores = str(tmp_path / "found.gpkg"), str(tmp_path / "scores.tif")
    results, ok = execute(
        {"INPUT": picture, **EASY, "OUTPUT": target, "SCORES": scores}, context, feedback, "toposcope:ground"
    )
    assert ok, feedback.errors
    layer = QgsVectorLayer(results["OUTPUT"], "found", "ogr")
    assert layer.crs().authid() == "EPSG:32611"
    features = list(layer.getFeatures())
    assert len(features) == results["COUNT"] > 0
    assert {feature["label"] for feature in features} <= {"building", "草地"}
    assert all(0 < feature["score"] <= 1 and feature["model"] == "mini" for feature in features)
    assert picture.extent().contains(layer.extent())
    assert gdal.Open(scores).RasterCount == 2
    assert feedback.values[-1] == 100


def test_class_map_scores_and_table_of_an_area(provider, mini, picture, context, feedback, tmp_path):
    paths = {name: str(tmp_path / f"{name}.{kind}") for name, kind in (("OUTPUT", "tif"), ("TABLE", "csv"))}
    area = "500000,500020,3999980,4000000 [EPSG:32611]"
    values = {"INPUT": picture, **EASY, "BACKGROUND": "none", "EXTENT": area, **paths}
    results, ok = execute(values, context, feedback, "toposcope:classmap")
    assert ok, feedback.errors
    dataset = gdal.Open(results["OUTPUT"])
    transform = dataset.GetGeoTransform()
    assert (transform[0], transform[3]) == (500000, 4000000)
    assert (dataset.RasterXSize, dataset.RasterYSize) == (40, 40)
    inside = dataset.GetRasterBand(1).ReadRaster(0, 0, 40, 40)
    assert set(inside) <= {1, 2}
    with Path(results["TABLE"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["phrase"] for row in rows} == {"building", "草地"}
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1, abs=0.01)
    assert "SCORES" not in results


def test_part_of_an_image_without_georeference_lies_where_qgis_shows_it(
    provider, mini, layer, context, feedback, tmp_path
):
    image = layer("photo.tif", epsg=0, origin=None, width=96, height=64)
    values = {"INPUT": image, **EASY, "BACKGROUND": "none", "EXTENT": "10,50,-60,-20"}
    target = str(tmp_path / "classes.tif")
    _, ok = execute({**values, "OUTPUT": target}, context, feedback, "toposcope:classmap")
    assert ok, feedback.errors
    made = QgsRasterLayer(target, "classes")
    assert made.extent() == QgsRectangle(10, -60, 50, -20)


def test_an_example_of_another_crs_stands_for_a_phrase(provider, mini, picture, context, feedback, tmp_path):
    to_degrees = QgsCoordinateTransform(picture.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    around = QgsGeometry.fromRect(QgsRectangle(500009, 3999979, 500026, 3999996))
    around.transform(to_degrees)
    examples, feature = QgsVectorLayer("Polygon?crs=EPSG:4326", "example", "memory"), QgsFeature()
    feature.setGeometry(around)
    examples.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(examples)
    target, table = str(tmp_path / "classes.tif"), str(tmp_path / "table.csv")
    values = {"INPUT": picture, "EXAMPLE": examples, "OUTPUT": target, "TABLE": table}
    _, ok = execute(values, context, feedback, "toposcope:classmap")
    assert ok, feedback.errors
    assert "like this" in Path(table).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"PHRASES": " ; "}, "no phrases"),
        ({"EXTENT": "0,1,0,1 [EPSG:32611]"}, "outside the image"),
        ({"PHRASES": "สระว่ายน้ำ"}, "English or Chinese"),
        ({"MODEL": "classic"}, "classic"),
    ],
)
def test_what_cannot_be_done_is_said(provider, mini, picture, context, feedback, values, said):
    asked = {"INPUT": picture, **EASY, "OUTPUT": "memory:", **values}
    _, ok = execute(asked, context, feedback, "toposcope:ground")
    assert not ok
    assert any(said.lower() in error.lower() for error in feedback.errors), feedback.errors


def test_a_layer_without_a_file_is_refused(provider, mini, context, feedback):
    online = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/%7Bz%7D/%7Bx%7D/%7By%7D.png", "online", "wms")
    QgsProject.instance().addMapLayer(online)
    _, ok = execute({"INPUT": online, **EASY, "OUTPUT": "memory:"}, context, feedback, "toposcope:ground")
    assert not ok
    assert any("GeoTIFF" in error for error in feedback.errors), feedback.errors


def test_a_result_that_cannot_be_turned_over_leaves_nothing_behind(provider, tmp_path):
    (tmp_path / "broken.tif").write_text("no raster")
    with pytest.raises(QgsProcessingException, match=r"kept\.tif"):
        keep(tmp_path / "broken.tif", str(tmp_path / "kept.tif"), flip=True)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.tif"]
