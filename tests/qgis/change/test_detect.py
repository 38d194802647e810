"""From the Change page's second part to what changed, as layers: by distances, which need no weights of their own."""

import csv
from pathlib import Path

import pytest
from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsPointXY, QgsProject
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QTableWidget
from toposcope.plugin.gis.change_groups import dates_of, mark_of, polygons_of, probability_of
from toposcope.plugin.gis.change_maps import WAY, area_text, read_areas
from toposcope.plugin.gis.change_record import record_lines
from toposcope.plugin.gis.score_filter import VARIABLE
from toposcope.plugin.gui.score_slider import ScoreSlider

from tests.qgis.change.scene import HOUSES, SIDE, place, write_picture

LATER = HOUSES[1:]
"""The first house is gone a year later."""


@pytest.fixture
def page(plugin, add, tmp_path):
    """The page set to two dates, compared by distances."""
    made = plugin.change_page.detect
    later = add(write_picture(tmp_path / "later.tif", LATER), "later")
    made.set_dates(plugin.change_page.pairs.source.currentLayer(), later)
    choose(made, "method", "distance")
    made.set_classes("")
    made.findChild(QDoubleSpinBox, "minimum").setValue(1)
    return made


@pytest.fixture
def detect(plugin, page, qtbot):
    """Return a function that presses the button, waits for the end and returns what is said then."""

    def act():
        page.findChild(QPushButton, "detect").click()
        qtbot.waitUntil(lambda: not plugin.change.detect.busy, timeout=120_000)
        return page.findChild(QLabel, "detectStatus").text()

    return act


def choose(page, name, value):
    combo = page.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(value))


def groups():
    return QgsProject.instance().layerTreeRoot().findGroups()


def seen(layer):
    """Return which polygons of a layer are drawn from the least probability on that it shows."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    least = float(context.variable(VARIABLE) or 0)
    return [feature for feature in layer.getFeatures() if feature["probability"] >= least]


def test_the_house_that_went_is_found(plugin, page, detect, qtbot):
    said = detect()
    [group] = groups()
    assert group.name() == "Change – town → later", said
    assert [layer.name() for layer in dates_of(group)] == ["town", "later"]
    probability, outlines = probability_of(group), polygons_of(group)
    provider = probability.dataProvider()
    x, y = HOUSES[0]
    here, there = (
        provider.sample(at_point(*at), 1)[0] for at in ((x + SIDE / 2, y + SIDE / 2), (HOUSES[3][0], HOUSES[3][1]))
    )
    assert here > 0.5 > there
    assert outlines.featureCount() >= 1
    assert outlines.extent().contains(at_point(x + SIDE / 2, y + SIDE / 2))
    folder = Path(outlines.source().split("|")[0]).parent
    with next(folder.glob("*.csv")).open() as file:
        rows = list(csv.DictReader(file))
    table = plugin.change_page.results.findChild(QTableWidget, "changeAreas")
    assert table.rowCount() == len(rows) == len(mark_of(group).areas)
    assert "m²" in table.item(0, 2).text()
    told = plugin.change_page.results.findChild(QLabel, "changeSaid").text()
    assert "shift" in told
    assert "light" in told


def at_point(column, row):
    return QgsPointXY(*place(column, row))


def test_the_slider_shows_map_and_polygons_from_another_probability_on(plugin, page, detect):
    detect()
    group = groups()[0]
    probability, outlines = probability_of(group), polygons_of(group)
    slider = plugin.change_page.results.findChild(ScoreSlider)
    assert slider.score() == pytest.approx(0.5)
    before = probability.renderer().classificationMin()
    slider.rested.emit(0.99)
    assert probability.renderer().classificationMin() == pytest.approx(0.99) != before
    assert len(seen(outlines)) < outlines.featureCount()
    assert mark_of(groups()[0]).least == 0.99


def test_polygons_have_a_colour_for_each_way_with_its_area_in_the_legend(plugin, page, detect):
    page.set_classes("house; grass; road")
    said = detect()
    outlines = polygons_of(groups()[0])
    categories = outlines.renderer().categories()
    ways = {category.value(): category.label() for category in categories if category.value()}
    assert ways, said
    context = QgsExpressionContext()
    for feature in outlines.getFeatures():
        context.setFeature(feature)
        context.setFields(outlines.fields())
        assert QgsExpression(WAY).evaluate(context) in ways
    areas = mark_of(groups()[0]).areas
    assert all(area_text(*one[2:]) in ways[f"{one[0]} → {one[1]}"] for one in areas)


def test_models_are_those_a_method_works_with(plugin, page):
    combo = page.findChild(QComboBox, "model")

    def ids(method):
        choose(page, "method", method)
        return {combo.itemData(row) for row in range(combo.count())}, combo.currentData()

    assert "geoembed" in ids("distance")[0]
    assert ids("distance")[1] == "mini"
    assert "geoembed" not in ids("segments")[0]
    assert ids("segments")[1] == "mini"
    detectors = ids("detector")[0]
    assert not detectors & {"mini", "geoembed"}
    assert all(plugin.catalog.model(one).tasks == ("detect-change",) for one in detectors)
    choose(page, "method", "distance")


def test_buildings_alone_are_offered_where_the_method_tells_them(page):
    only = page.findChild(QComboBox, "only")
    assert [only.itemText(row) for row in range(only.count())] == ["Any change", "Buildings that come or go"]
    choose(page, "method", "detector")
    choose(page, "only", "building")
    assert not only.isHidden()
    assert page.values()["only"] == "building"
    choose(page, "method", "distance")
    assert only.isHidden()
    assert "only" not in page.values()
    choose(page, "method", "detector")
    assert page.values()["only"] == "building"
    choose(page, "only", "any")


def test_phrases_are_asked_for_where_the_method_has_no_classes(page):
    """The phrases stay while a detector, which has its own classes, is looked at."""
    field = page.findChild(QLineEdit, "detectClasses")
    page.set_classes("house; wood")
    assert not field.isHidden()
    assert page.values()["classes"] == "house; wood"
    choose(page, "method", "detector")
    assert field.isHidden()
    assert "classes" not in page.values()
    choose(page, "method", "distance")
    assert not field.isHidden()
    assert page.values()["classes"] == "house; wood"


def test_the_same_layer_twice_is_refused(plugin, page, detect):
    town = plugin.change_page.pairs.source.currentLayer()
    page.set_dates(town, town)
    assert "same layer" in detect()
    page.set_dates(town, None)
    assert "each date" in detect()


def test_areas_and_record_are_read_as_they_are_written(tmp_path):
    table = tmp_path / "c.csv"
    table.write_text("from,to,pixels,area_m2,share\n,,4,1.00,0.1\ntree,road,40,10.00,0.5\n")
    assert read_areas(table) == (("tree", "road", 10.0, 40), ("", "", 1.0, 4))
    assert [area_text(area, 40) for area in (0.0, 12.4, 25_000.0)] == ["40 px", "12 m²", "2.50 ha"]
    assert read_areas(tmp_path / "none.csv") == ()
    record = tmp_path / "c.run.json"
    record.write_text(
        '{"alignment": {"asked": true, "shift_pixels": [0.4, -0.25], "agreement": 0.9, "corrected": false},'
        ' "normalisation": {"method": "match", "gain": [1.1, 1.0, 0.9], "offset": [3.2, 0, -4], "believed": true}}'
    )
    still, light = record_lines(record)
    assert "0.40 px across, -0.25 px down" in still
    assert "1.10 / 1.00 / 0.90, +3 / +0 / -4" in light
    record.write_text('{"only": {"asked": "building", "told": "building"}}')
    assert record_lines(record) == ["Only buildings that come or go are looked for."]
    record.write_text('{"alignment": {"shift_pixels": [2.0, 1.0], "agreement": 0.1, "corrected": false}}')
    assert record_lines(record) == []
    assert record_lines(tmp_path / "none.json") == []
