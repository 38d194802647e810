import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProject,
    QgsVectorLayer,
)
from toposcope.plugin.client.endpoint import parse_endpoint
from toposcope.plugin.processing.provider import ToposcopeProvider
from toposcope.plugin.state.starting import launch_installed

ROOT = Path(__file__).parents[3]
QGIS_PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
"""Debian's wrapper of QGIS 3.22 passes an option that the program itself refuses."""


def prompts(*wkts, crs="EPSG:32611", kind="Point"):
    made = QgsVectorLayer(f"{kind}?crs={crs}", "prompts", "memory")
    features = []
    for wkt in wkts:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        features.append(feature)
    made.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(made)
    return made


def execute(values, context, feedback):
    """Run it with `classic`, whose answers nothing was trained for, where no model is named."""
    algorithm = QgsApplication.processingRegistry().algorithmById("toposcope:segment")
    return algorithm.run({"MODEL": "classic", **values}, context, feedback)


INSIDE = "Point(500017.5 3999987.5)"
"""The middle of the bright rectangle, which spans 500010..500025, 3999980..3999995."""


def test_it_is_threaded_has_help_and_stable_names(provider):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("toposcope:segment")
    flags = Qgis.ProcessingAlgorithmFlag if hasattr(Qgis, "ProcessingAlgorithmFlag") else QgsProcessingAlgorithm.Flag
    no_threading = getattr(flags, "NoThreading", None) or flags.FlagNoThreading
    assert not algorithm.flags() & no_threading
    assert "bounding boxes" in algorithm.shortHelpString()
    assert Path(algorithm.helpUrl().replace("file://", "")).is_file()
    assert [parameter.name() for parameter in algorithm.parameterDefinitions()] == [
        "INPUT",
        "PROMPTS",
        "GROUP_FIELD",
        "LABEL_FIELD",
        "MODEL",
        "OUTLINE",
        "MIN_AREA",
        "FILL_HOLES",
        "LARGEST_ONLY",
        "SIMPLIFY",
        "BANDS",
        "DEVICE",
        "OUTPUT",
    ]


def test_parameters_are_those_of_the_backend(provider, backend_python):
    """They are written down on both sides because a model of a user's must load without a backend."""
    code = (
        "import json; from backend.geo.outline import OUTLINE_PARAMETERS as all; "
        "from backend.jobs.segmenting import SEGMENT; "
        "print(json.dumps([{p.name: [p.default, p.choices] for p in all}, SEGMENT.task.default_model]))"
    )
    said = subprocess.run([backend_python, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout
    theirs, model = json.loads(said)
    ours = {}
    for parameter in QgsApplication.processingRegistry().algorithmById("toposcope:segment").parameterDefinitions():
        options = list(parameter.options()) if hasattr(parameter, "options") else []
        ours[parameter.name().lower()] = [parameter.defaultValue(), options]
    assert {name: ours[name] for name in theirs} == theirs
    assert ours["model"][0] == model


def test_points_give_polygons_from_a_backend_of_its_own(provider, installed, picture, context, feedback, tmp_path):
    target = str(tmp_path / "objects.gpkg")
    values = {"INPUT": picture, "PROMPTS": prompts(INSIDE), "OUTLINE": "exact", "OUTPUT": target}
    results, ok = execute(values, context, feedback)
    assert ok, feedback.errors
    layer = QgsVectorLayer(results["OUTPUT"], "objects", "ogr")
    assert layer.crs().authid() == "EPSG:32611"
    feature = next(layer.getFeatures())
    box = feature.geometry().boundingBox()
    assert [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()] == pytest.approx(
        [500010, 3999980, 500025, 3999995], abs=1
    )
    assert feature["model"] == "classic"
    assert feature["source"] == "scene"
    assert 0 < feature["score"] <= 1
    assert feature["area_m2"] == pytest.approx(225, rel=0.15)
    assert feature["created"].endswith("Z")
    assert feedback.values[-1] == 100


def test_bands_can_be_chosen(provider, installed, layer, context, feedback):
    values = {"INPUT": layer(bands=3), "PROMPTS": prompts("Point(500010 3999990)"), "BANDS": [1, 2]}
    _, ok = execute({**values, "OUTPUT": "memory:"}, context, feedback)
    assert not ok
    assert any("one or three" in error for error in feedback.errors)


def test_boxes_of_another_crs(provider, installed, picture, context, feedback):
    box = prompts(
        "Polygon((-116.9999 36.14445,-116.9997 36.14445,-116.9997 36.1447,-116.9999 36.1447,-116.9999 36.14445))",
        crs="EPSG:4326",
        kind="Polygon",
    )
    results, ok = execute({"INPUT": picture, "PROMPTS": box, "OUTPUT": "memory:"}, context, feedback)
    assert ok, feedback.errors
    layer = context.getMapLayer(results["OUTPUT"])
    assert layer.featureCount() == 1


def test_a_running_backend_is_used_and_left_running(installed, picture, context, feedback, qgis_app):
    backend = launch_installed(lambda *_: None)
    endpoint = parse_endpoint(backend.url, backend.token)
    provider = ToposcopeProvider(lambda: endpoint, lambda _task: ("classic", "sam2.1-tiny"))
    QgsApplication.processingRegistry().addProvider(provider)
    try:
        values = {"INPUT": picture, "PROMPTS": prompts(INSIDE), "OUTPUT": "memory:"}
        for _ in range(2):
            _results, ok = execute(values, context, feedback)
            assert ok, feedback.errors
        assert backend.poll() is None
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
        backend.stop()


def test_it_works_inside_a_model(provider, installed, picture, context, feedback):
    child = QgsProcessingModelChildAlgorithm("toposcope:segment")
    child.setChildId("segment")
    for name in ("INPUT", "PROMPTS"):
        child.addParameterSources(name, [QgsProcessingModelChildParameterSource.fromModelParameter(name)])
    output = QgsProcessingModelOutput("objects")
    output.setChildOutputName("OUTPUT")
    output.setChildId("segment")
    child.setModelOutputs({"objects": output})
    model = QgsProcessingModelAlgorithm("roofs", "test", "roofs")
    definitions = QgsApplication.processingRegistry().algorithmById("toposcope:segment").parameterDefinitions()
    for definition in definitions[:2]:
        model.addModelParameter(definition.clone(), QgsProcessingModelParameter(definition.name()))
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    values = {"INPUT": picture, "PROMPTS": prompts(INSIDE), "segment:objects": "memory:"}
    results, ok = model.run(values, context, feedback)
    assert ok, feedback.errors
    assert context.getMapLayer(results["segment:objects"]).featureCount() == 1


def test_cancelling_ends_it_soon(installed, layer, context, feedback, provider):
    image = layer("large.tif", width=1500, height=1500, bands=3)
    spots = [f"Point({500000 + 7 * i} {4000000 - 7 * j})" for i in range(1, 20) for j in range(1, 20)]
    values = {"INPUT": image, "PROMPTS": prompts(*spots), "OUTPUT": "memory:"}
    asked = []

    def cancel():
        deadline = time.monotonic() + 60
        while not feedback.values and time.monotonic() < deadline:
            time.sleep(0.05)
        asked.append(time.monotonic())
        feedback.cancel()

    threading.Thread(target=cancel, daemon=True).start()
    results, _ok = execute(values, context, feedback)
    print(f"ended {time.monotonic() - asked[0]:.2f} s after it was cancelled")
    layer = context.getMapLayer(results["OUTPUT"]) if results.get("OUTPUT") else None
    assert layer is None or layer.featureCount() == 0


@pytest.mark.parametrize(
    ("point", "sentence"), [("Point(0 0)", "outside"), ("Point(500017.5 3999987.5)", "does not know this model")]
)
def test_what_the_backend_refuses_is_said(provider, installed, picture, context, feedback, point, sentence):
    model = "no-such-model" if "model" in sentence else "classic"
    values = {"INPUT": picture, "PROMPTS": prompts(point), "MODEL": model, "OUTPUT": "memory:"}
    _results, ok = execute(values, context, feedback)
    assert not ok
    assert any(sentence in error for error in feedback.errors)


def test_nothing_installed_is_said(provider, home, picture, context, feedback):
    _results, ok = execute({"INPUT": picture, "PROMPTS": prompts(INSIDE), "OUTPUT": "memory:"}, context, feedback)
    assert not ok
    assert [error.count("not installed") for error in feedback.errors if "not installed" in error] == [1]


def test_a_layer_without_a_file_is_refused(provider, home, layer, context, feedback, tmp_path):
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    virtual = str(tmp_path / "virtual.vrt")
    gdal.Translate(virtual, layer(bands=1).source(), format="VRT")
    image = QgsRasterLayer(virtual, "virtual")
    values = {"INPUT": image, "PROMPTS": prompts("Point(500001 3999999)"), "OUTPUT": "memory:"}
    _results, ok = execute(values, context, feedback)
    assert not ok
    assert any("save it as a GeoTIFF" in error for error in feedback.errors)


@pytest.mark.skipif(QGIS_PROCESS is None, reason="this QGIS has no qgis_process")
def test_qgis_process_runs_it_without_a_desktop(installed, picture, tmp_path):
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "toposcope").symlink_to(ROOT)
    (tmp_path / "config").mkdir()
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(plugins),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "config"),
        "TOPOSCOPE_HOME": str(tmp_path / "home"),
    }

    def outside(*arguments):
        command = [QGIS_PROCESS, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=200)

    assert "toposcope" in outside("plugins", "enable", "toposcope").stdout
    points = tmp_path / "points.geojson"
    points.write_text(
        '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32611"}},'
        '"features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates":'
        "[500017.5, 3999987.5]}}]}"
    )
    target = tmp_path / "out.gpkg"
    values = [f"INPUT={picture.source()}", f"PROMPTS={points}", f"OUTPUT={target}"]
    ran = outside("run", "toposcope:segment", "--", *values)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert QgsVectorLayer(str(target), "out", "ogr").featureCount() == 1
