"""The algorithms around embeddings with a real backend, Mini and real vectors."""

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)

ROOT = Path(__file__).parents[3]
PARAMETERS = {
    "embed": "INPUT BANDS BAND_NAMES GAIN OFFSET MODEL BLOCK EXTENT TYPE DEVICE OUTPUT",
    "embedchips": "INPUT BANDS BAND_NAMES GAIN OFFSET MODEL SIZE STRIDE EXTENT DEVICE OUTPUT",
    "search": "VECTORS EXAMPLES LABEL_FIELD PHRASE THRESHOLD MOST DISTANCE EXTENT OUTPUT SIMILARITY",
    "fewshot": "VECTORS EXAMPLES CLASS_FIELD CLASSIFIER EXTENT OUTPUT TABLE CONFIDENCE SAVED",
    "cluster": "VECTORS METHOD CLUSTERS SEED OUTPUT TABLE",
    "compare": "VECTORS AFTER OUTPUT",
    "locate": "INPUT EXTENT STEP MODEL LIKE PREDICT_FIELD AT ESTIMATOR OUTPUT TABLE",
}


@pytest.fixture
def mini(installed):
    if not (ROOT / "backend/weights/mini/encoder.onnx").exists():
        pytest.skip("needs Mini's weights")


@pytest.fixture
def run(provider, mini, context, feedback):
    """Return a function that runs an algorithm and returns its results, or what went wrong."""

    def execute(name, **values):
        algorithm = QgsApplication.processingRegistry().algorithmById(f"toposcope:{name}")
        results, ok = algorithm.run(values, context, feedback)
        return results if ok else " ".join(feedback.errors)

    return execute


@pytest.fixture
def vectors(run, picture, tmp_path):
    """Vectors of the picture: 24 x 16 blocks of 2 m, with a bright rectangle in columns 5..12, rows 2.5..10."""
    return run("embed", INPUT=picture, OUTPUT=str(tmp_path / "vectors.tif"))["OUTPUT"]


def examples(rows):
    """Return a layer of points (x, y, text of the field `kind`) in the picture's CRS."""
    layer = QgsVectorLayer("Point?crs=EPSG:32611&field=kind:string&field=wanted:integer", "examples", "memory")
    for x, y, kind in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature["kind"], feature["wanted"] = kind, int(kind == "roof")
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


BRIGHT = [(500000 + 0.5 * c, 4000000 - 0.5 * r) for c, r in ((26, 16), (40, 16), (34, 26), (26, 34), (42, 34))]
DARK = [(500000 + 0.5 * c, 4000000 - 0.5 * r) for c, r in ((6, 6), (80, 8), (70, 50), (12, 54), (88, 34))]


@pytest.mark.parametrize("name", PARAMETERS)
def test_names_are_stable_and_help_is_there(provider, name):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"toposcope:{name}")
    assert " ".join(parameter.name() for parameter in algorithm.parameterDefinitions()) == PARAMETERS[name]
    assert algorithm.shortHelpString()
    assert Path(algorithm.helpUrl().replace("file://", "")).is_file()


@pytest.mark.parametrize(
    ("algorithm", "name", "most"), [("embed", "GAIN", 1e6), ("embedchips", "OFFSET", 1e6), ("search", "THRESHOLD", 1e9)]
)
def test_no_number_is_offered_that_the_backend_refuses(provider, algorithm, name, most):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"toposcope:{algorithm}")
    parameter = algorithm.parameterDefinition(name)
    assert parameter.checkValueIsAcceptable(most)
    assert not parameter.checkValueIsAcceptable(2 * most)
    assert not parameter.checkValueIsAcceptable(-2 * most)


def test_a_raster_of_vectors_with_what_belongs_to_it(run, picture, tmp_path):
    found = run("embed", INPUT=picture, BLOCK=8, OUTPUT=str(tmp_path / "e.tif"))
    dataset = gdal.Open(found["OUTPUT"])
    assert (dataset.RasterXSize, dataset.RasterYSize, dataset.RasterCount) == (12, 8, 64)
    assert gdal.Open(found["PREVIEW"]).RasterCount == 3
    record = json.loads((tmp_path / "e.run.json").read_text(encoding="utf-8"))
    assert (record["task"], record["model"]["id"]) == ("embed", "mini")
    assert (tmp_path / "e.item.json").is_file()


def test_an_area_of_vectors_lies_where_it_was_asked_for(run, picture, tmp_path):
    area = "500008,500024,3999980,3999996 [EPSG:32611]"
    found = run("embed", INPUT=picture, EXTENT=area, OUTPUT=str(tmp_path / "e.tif"))
    transform = gdal.Open(found["OUTPUT"]).GetGeoTransform()
    assert (transform[0], transform[3], transform[1]) == (500008, 3999996, 2)


def test_chips_become_parquet_and_groups_of_them_a_layer(run, picture, tmp_path):
    chips = run("embedchips", INPUT=picture, SIZE=16, OUTPUT=str(tmp_path / "chips.parquet"))["OUTPUT"]
    found = run("cluster", VECTORS=chips, CLUSTERS=2, OUTPUT=None, TABLE=str(tmp_path / "groups.gpkg"))
    assert QgsVectorLayer(found["TABLE"], "groups", "ogr").featureCount() == 24


def test_clusters_part_the_bright_from_the_dark(run, vectors, tmp_path):
    found = run("cluster", VECTORS=vectors, CLUSTERS=2, OUTPUT=str(tmp_path / "clusters.tif"))
    dataset = gdal.Open(found["OUTPUT"])
    band = dataset.GetRasterBand(1)
    values = band.ReadRaster(0, 0, 24, 16)
    assert values[6 * 24 + 8] != values[13 * 24 + 21]
    assert band.GetColorTable() is not None
    assert len(band.GetCategoryNames()) >= 2


def test_five_examples_a_class_make_a_map_and_a_classifier(run, vectors, tmp_path):
    layer = examples([(*place, "roof") for place in BRIGHT] + [(*place, "ground") for place in DARK])
    places = {name: str(tmp_path / f"{name}.{kind}") for name, kind in (("OUTPUT", "tif"), ("CONFIDENCE", "tif"))}
    saved = str(tmp_path / "classifier.json")
    found = run("fewshot", VECTORS=vectors, EXAMPLES=layer, CLASS_FIELD="kind", SAVED=saved, **places)
    classes = gdal.Open(found["OUTPUT"])
    values = classes.ReadRaster(0, 0, 24, 16)
    assert classes.GetRasterBand(1).GetColorTable() is not None  # GDAL 3.6 reads the file beside only then
    names = classes.GetRasterBand(1).GetCategoryNames()
    assert (names[values[6 * 24 + 8]], names[values[13 * 24 + 21]]) == ("roof", "ground")
    again = run("fewshot", VECTORS=vectors, CLASSIFIER=saved, OUTPUT=str(tmp_path / "again.tif"))
    assert gdal.Open(again["OUTPUT"]).ReadRaster(0, 0, 24, 16) == values


def test_nothing_changed_between_vectors_and_themselves(run, vectors, tmp_path):
    found = run("compare", VECTORS=vectors, AFTER=vectors, OUTPUT=str(tmp_path / "change.tif"))
    dataset = gdal.Open(found["OUTPUT"])
    assert dataset.GetRasterBand(1).ComputeRasterMinMax(False) == pytest.approx((0, 0), abs=1e-6)


def test_places_like_the_bright_ones_are_found_there(run, vectors, tmp_path):
    layer = examples([(*place, "roof") for place in BRIGHT[:2]] + [(*place, "ground") for place in DARK[:2]])
    places = {"OUTPUT": str(tmp_path / "places.gpkg"), "SIMILARITY": str(tmp_path / "similarity.tif")}
    found = run("search", VECTORS=vectors, EXAMPLES=layer, LABEL_FIELD="wanted", **places)
    layer = QgsVectorLayer(found["OUTPUT"], "places", "ogr")
    assert found["COUNT"] == layer.featureCount() > 0
    best = max(layer.getFeatures(), key=lambda feature: feature["score"])
    assert best.geometry().contains(QgsPointXY(*BRIGHT[2]))
    assert gdal.Open(found["SIMILARITY"]).RasterXSize == 24


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("cluster", {"VECTORS": "nowhere.tif", "OUTPUT": "c.tif"}, "no file of embeddings"),
        ("search", {"VECTORS": __file__, "OUTPUT": "p.gpkg"}, "examples or a phrase"),
        ("fewshot", {"VECTORS": __file__, "OUTPUT": "c.tif"}, "either examples or a saved classifier"),
        ("locate", {"OUTPUT": "l.tif"}, "no places"),
        ("cluster", {"VECTORS": __file__, "OUTPUT": "c.tif"}, "embeddings"),
    ],
)
def test_what_cannot_be_done_is_said(run, name, values, said):
    assert said in run(name, **values)


def test_how_like_a_place_others_are(run, tmp_path):
    asked = {"EXTENT": "5,17,43,49 [EPSG:4326]", "STEP": 0.5, "LIKE": "8.5,47.4 [EPSG:4326]", "MODEL": "harmonics"}
    found = run("locate", OUTPUT=str(tmp_path / "like.tif"), **asked)
    dataset = gdal.Open(found["OUTPUT"])
    assert (dataset.RasterXSize, dataset.RasterYSize, dataset.RasterCount) == (24, 12, 1)


def test_a_field_is_predicted_at_other_points_with_its_score(run, feedback, tmp_path):
    rows = [(5 + 12 * ((index * 0.618) % 1), 43 + index / 20, "a") for index in range(120)]
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=warm:double", "known", "memory")
    for x, y, _ in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature["warm"] = 30 - y
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    target = str(tmp_path / "predicted.gpkg")
    found = run("locate", INPUT=layer, PREDICT_FIELD="warm", AT=layer, MODEL="harmonics", OUTPUT=None, TABLE=target)
    predicted = [feature["predicted_warm"] for feature in QgsVectorLayer(found["TABLE"], "p", "ogr").getFeatures()]
    assert len(predicted) == 120
    assert predicted[0] - predicted[-1] == pytest.approx(6, abs=0.5)
