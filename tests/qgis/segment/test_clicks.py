"""From a click on the canvas to a feature in a layer, with the plugin as QGIS builds it and a real backend."""

import os
from pathlib import Path

import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QTreeWidget
from toposcope.plugin.map_tools.keys import Command
from toposcope.plugin.server import state
from toposcope.plugin.settings import LAST_MODEL, qgis_settings
from toposcope.plugin.state.session import SessionState

from tests.qgis.conftest import look_at

ROOT = Path(__file__).parents[3]
SIZE, PIXEL, LEFT, TOP = 256, 0.5, 500000.0, 4000000.0
ROOF = (90, 80, 150, 140)
OTHER = (190, 180, 230, 220)


def write_image(path):
    """Write a grey field with two bright roofs, 0.5 m, UTM 11N."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, 3, gdal.GDT_Byte)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32611)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))

    def value(column, row):
        roofs = (r[0] <= column < r[2] and r[1] <= row < r[3] for r in (ROOF, OTHER))
        return 200 if any(roofs) else 60 + (column * 7 + row * 13) % 9

    pixels = bytes(value(column, row) for row in range(SIZE) for column in range(SIZE))
    for band in (1, 2, 3):
        dataset.GetRasterBand(band).WriteRaster(0, 0, SIZE, SIZE, pixels)
    dataset.FlushCache()
    return path


def at(column, row):
    return QgsPointXY(LEFT + (column + 0.5) * PIXEL, TOP - (row + 0.5) * PIXEL)


@pytest.fixture(scope="module")
def python():
    named = Path(os.environ.get("TOPOSCOPE_TEST_PYTHON") or ROOT / "build/python")
    if not named.exists():
        pytest.skip("needs the backend's environment: make setup")
    return named


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_new_project, python, monkeypatch, tmp_path, qtbot):
    """The loaded plugin with an image picked, the tool on and the session open; `classic` was used last."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    state.switch_to_python(python)
    qgis_settings().set(LAST_MODEL, "classic")
    import toposcope

    loaded = toposcope.classFactory(qgis_iface)
    loaded.initGui()
    image = QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image")
    QgsProject.instance().addMapLayer(image)
    look_at(qgis_canvas, image.crs(), QgsRectangle(LEFT, TOP - SIZE * PIXEL, LEFT + SIZE * PIXEL, TOP))
    loaded.show_action.setChecked(True)
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    loaded.segment_page.source.setLayer(image)
    loaded.segment_page.set_tool_active(True)
    qtbot.waitUntil(lambda: loaded.session.state is SessionState.READY, timeout=30_000)
    yield loaded
    loaded.unload()
    qgis_settings().set(LAST_MODEL, "")


@pytest.fixture
def click(plugin, qtbot):
    def act(point, label=1):
        plugin.segment.tool.point.emit(point, label)
        qtbot.waitUntil(lambda: plugin.session.answer is not None, timeout=30_000)
        return plugin.session.answer

    return act


def target(plugin):
    return plugin.segment_page.target.currentLayer()


def test_a_click_gives_the_roof_and_enter_writes_it(plugin, click):
    answer = click(at(120, 110))
    assert answer.area_m2 == pytest.approx(900, rel=0.1)
    plugin.segment.tool.command.emit(Command.ACCEPT)
    [feature] = target(plugin).getFeatures()
    assert feature.geometry().contains(at(120, 110))
    assert feature["model"] == "classic"
    assert plugin.session.prompts.points == ()


def test_only_models_that_segment_are_offered_and_all_are_listed(plugin):
    combo = plugin.segment_page.findChild(QComboBox, "model")
    offered = {combo.itemData(index) for index in range(combo.count())}
    assert {model.id for model in plugin.catalog.models()} - offered == {
        model.id for model in plugin.catalog.models() if "segment" not in model.tasks
    }
    assert "classic" in offered
    assert "geoembed" not in offered
    tree = plugin.dock.findChild(QTreeWidget, "models")
    assert tree.findItems("GeoEmbed v3", Qt.MatchFlag.MatchExactly)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("toposcope:segment")
    hints = algorithm.parameterDefinition("MODEL").metadata()["widget_wrapper"]["value_hints"]
    assert "classic" in hints
    assert set(hints) <= offered


def test_the_next_object_goes_into_the_same_layer_as_a_command_of_its_own(plugin, click):
    for place in (at(120, 110), at(210, 200)):
        click(place)
        plugin.segment.tool.command.emit(Command.ACCEPT)
    layer = target(plugin)
    assert layer.featureCount() == 2
    layer.undoStack().undo()
    assert layer.featureCount() == 1


def test_enter_before_the_answer_accepts_it_when_it_comes(plugin, qtbot):
    plugin.segment.tool.point.emit(at(120, 110), 1)
    assert plugin.session.busy
    plugin.segment.tool.command.emit(Command.ACCEPT)
    qtbot.waitUntil(lambda: target(plugin) is not None and target(plugin).featureCount() == 1, timeout=30_000)
    assert plugin.session.prompts.points == ()


def test_the_layer_remembers_what_made_its_objects(plugin, click):
    click(at(120, 110))
    plugin.segment.tool.command.emit(Command.ACCEPT)
    [line] = target(plugin).metadata().history()
    assert "classic" in line
    assert "GPL-2.0-or-later" in line
    assert "cpu" in line


def test_clicks_in_another_map_crs_land_in_the_same_place(plugin, click, qgis_canvas):
    there = QgsCoordinateReferenceSystem("EPSG:4326")
    inside = at(120, 110)
    first = click(inside)
    plugin.segment.tool.command.emit(Command.CLEAR)
    qgis_canvas.setDestinationCrs(there)
    from qgis.core import QgsCoordinateTransform

    utm = QgsCoordinateReferenceSystem("EPSG:32611")
    moved = QgsCoordinateTransform(utm, there, QgsProject.instance()).transform(inside)
    assert click(moved).area_m2 == pytest.approx(first.area_m2, rel=0.01)


def test_a_click_outside_the_image_says_so_and_the_next_one_works(plugin, click, qtbot):
    plugin.segment.tool.point.emit(QgsPointXY(LEFT - 500, TOP), 1)
    qtbot.waitUntil(lambda: bool(plugin.segment_page._status.text()) and not plugin.session.busy, timeout=30_000)
    assert not plugin.session.prompts.points
    assert click(at(120, 110)).polygons


def test_another_image_and_back_finds_the_first_one_open(plugin, click, tmp_path, qtbot):
    first, one = plugin.segment_page.source.currentLayer(), plugin.session.info.id
    other = QgsRasterLayer(str(write_image(tmp_path / "other.tif")), "other")
    QgsProject.instance().addMapLayer(other)
    for layer in (other, first):
        plugin.segment_page.source.setLayer(layer)
        qtbot.waitUntil(lambda: plugin.session.state is SessionState.READY, timeout=30_000)
    assert plugin.session.info.id == one
    QgsProject.instance().removeMapLayer(other.id())
    assert not plugin.session._link._kept
    assert click(at(120, 110)).polygons


def test_removing_the_image_ends_the_object_and_nothing_breaks(plugin, click):
    click(at(120, 110))
    QgsProject.instance().removeAllMapLayers()
    assert plugin.session.state is SessionState.CLOSED
    plugin.segment.tool.point.emit(at(120, 110), 1)
    assert "image" in plugin.segment_page._status.text().lower()
