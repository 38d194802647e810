"""`toposcope:generate` with a real backend."""

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from toposcope.plugin.gis.synthetic import is_synthetic
from toposcope.plugin.processing.generate import mark_arrived

PARAMETERS = "INPUT EXTENT MASK SCALE SEED STEPS MODEL TILES BANDS METRES ETA MERGE CONSISTENT DEVICE OUTPUT"


@pytest.fixture
def algorithm(provider):
    return QgsApplication.processingRegistry().algorithmById("toposcope:generate")


@pytest.fixture
def run(algorithm, installed, context, feedback, tmp_path):
    """Return a function that runs it with few steps, and returns the result's path or what went wrong."""

    def execute(**values):
        values = {"STEPS": 5, "OUTPUT": str(tmp_path / "made.tif"), **values}
        results, ok = algorithm.run(values, context, feedback)
        return results["OUTPUT"] if ok else " ".join(feedback.errors)

    return execute


def triangle(west, south, side):
    """Return a layer of half a square in the picture's CRS."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32611", "mask", "memory")
    feature = QgsFeature()
    corners = ((west, south), (west + side, south), (west, south + side))
    feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in corners]]))
    layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_names_are_stable_and_help_is_there(algorithm):
    assert " ".join(one.name() for one in algorithm.parameterDefinitions()) == PARAMETERS
    assert algorithm.parameterDefinition("SCALE").options() == ["4", "16", "64"]
    assert Path(algorithm.helpUrl().replace("file://", "")).is_file()


def test_a_part_becomes_finer_and_is_marked(run, picture, tmp_path):
    made = run(INPUT=picture, EXTENT="500008,500016,3999984,3999992 [EPSG:32611]", SEED=3)
    layer = QgsRasterLayer(made, "made")
    assert (layer.width(), layer.height()) == (64, 64)
    assert layer.extent() == QgsRectangle(500008, 3999984, 500016, 3999992)
    assert gdal.Open(made).GetMetadataItem("AI_GENERATED") == "YES"
    assert (tmp_path / "made.run.json").is_file()
    assert layer.renderer().redContrastEnhancement() is None
    mark_arrived(layer)
    assert layer.name() == "SYNTHETIC – made"
    assert is_synthetic(layer)


def test_a_mask_leaves_the_rest_empty(run, picture):
    made = gdal.Open(run(INPUT=picture, MASK=triangle(500008, 3999984, 8)))
    assert (made.RasterXSize, made.RasterYSize) == (64, 64)
    alpha = made.GetRasterBand(4).ReadAsArray()
    assert (alpha[0, -1], alpha[-1, 0]) == (0, 255)


def test_without_an_image_an_area_is_needed(run):
    assert "give an area" in run()


def test_an_area_beside_the_image_is_refused(run, picture):
    assert "lies outside the image" in run(INPUT=picture, EXTENT="0,1,0,1 [EPSG:32611]")


def test_other_formats_are_refused(run, picture, tmp_path):
    assert ".tif" in run(INPUT=picture, OUTPUT=str(tmp_path / "made.png"))
