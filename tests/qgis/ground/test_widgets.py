"""The phrase box and the area picker: what is written, what is offered, which part of the image is meant."""

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QToolButton
from toposcope.plugin.gis.area_text import area_text, in_source
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.source import Frame
from toposcope.plugin.gui.area_picker import CANVAS, LAYER, NOTHING, POLYGONS, RECTANGLE, AreaChoice
from toposcope.plugin.gui.phrase_box import PhraseBox
from toposcope.plugin.gui.phrase_completer import PhraseCompleter
from toposcope.plugin.gui.picked_area import area_of
from toposcope.plugin.phrases import join, split

UTM = QgsCoordinateReferenceSystem("EPSG:32611")
INSIDE = QgsRectangle(500010, 3999980, 500020, 3999990)


@pytest.fixture
def box(qgis_app, qtbot):
    made = PhraseBox()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("building; swimming pool", ["building", "swimming pool"]),
        ("建筑；游泳池;  船 ", ["建筑", "游泳池", "船"]),
        (" ; ；", []),
    ],
)
def test_semicolons_of_both_languages_separate(text, phrases):
    assert split(text) == phrases
    assert split(join(phrases)) == phrases


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("sol", "solar panels"),
        ("building; pool", "building; swimming pool"),
        ("building;SOL", "building; solar panels"),
        ("建筑；sol", "建筑； solar panels"),
    ],
)
def test_completion_is_for_the_phrase_being_typed(qgis_app, typed, completed):
    completer = PhraseCompleter()
    completer.set_phrases(["swimming pool", "solar panels", "building"])
    completer.setCompletionPrefix(typed)
    assert completer.currentCompletion() == completed


def test_history_is_offered_and_the_line_stays(box):
    box.set_text("boat")
    box.set_history(["roof; pool", "boat"])
    combo = box.findChild(QComboBox, "phrases")
    assert [combo.itemText(i) for i in range(combo.count())] == ["roof; pool", "boat"]
    assert box.phrases() == ["boat"]


def test_enter_starts_and_examples_are_written_out(box, qtbot):
    box.findChild(QToolButton, "examples").menu().actions()[0].trigger()
    assert len(box.phrases()) > 1
    with qtbot.waitSignal(box.entered):
        qtbot.keyClick(box.findChild(QComboBox, "phrases").lineEdit(), Qt.Key.Key_Return)


def test_examples_suit_the_model(box):
    menu = box.findChild(QToolButton, "examples").menu()
    all_of_them = {action.text() for action in menu.actions()}
    box.set_examples(only_things=True)
    things = {action.text() for action in menu.actions()}
    assert things < all_of_them
    assert not any("forest" in line for line in things)
    box.set_history(["my boat"])
    line = box.findChild(QComboBox, "phrases").lineEdit()
    line.completer().setCompletionPrefix("boat")
    assert line.completer().currentCompletion() == "my boat"


def test_typing_offers_completions_and_enter_takes_one_without_starting(box, qtbot):
    box.show()
    line = box.findChild(QComboBox, "phrases").lineEdit()
    qtbot.keyClicks(line, "roof; swim")
    popup = line.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    popup.setCurrentIndex(line.completer().completionModel().index(0, 0))
    with qtbot.assertNotEmitted(box.entered):
        qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert box.phrases() == ["roof", "swimming pool"]


def polygons(*rectangles, crs="EPSG:32611", select=True):
    made = QgsVectorLayer(f"Polygon?crs={crs}", "fields", "memory")
    features = []
    for rectangle in rectangles:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(rectangle))
        features.append(feature)
    made.dataProvider().addFeatures(features)
    if select:
        made.selectAll()
    QgsProject.instance().addMapLayer(made)
    return made


def test_the_area_is_cut_to_the_image(image, qgis_canvas):
    assert area_of(AreaChoice(LAYER), image, qgis_canvas).geometry is None
    assert area_of(AreaChoice(NOTHING), image, qgis_canvas).geometry is None
    qgis_canvas.setExtent(QgsRectangle(499990, 3999980, 500020, 3999990))
    bounds = area_of(AreaChoice(CANVAS), image, qgis_canvas).bounds
    assert bounds.xMinimum() == 500000
    drawn = AreaChoice(RECTANGLE, QgsReferencedRectangle(INSIDE, UTM))
    assert area_of(drawn, image, qgis_canvas).bounds == INSIDE


def test_a_rectangle_keeps_its_place_when_the_map_changes_its_crs(image, qgis_canvas):
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    there = QgsCoordinateTransform(UTM, degrees, QgsProject.instance()).transformBoundingBox(INSIDE)
    assert qgis_canvas.mapSettings().destinationCrs() == UTM
    bounds = area_of(AreaChoice(RECTANGLE, QgsReferencedRectangle(there, degrees)), image, qgis_canvas).bounds
    assert bounds.contains(INSIDE)
    assert bounds.area() < 1.1 * INSIDE.area()


def test_selected_polygons_of_another_crs_are_one_area(image, qgis_canvas):
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    to_degrees = QgsCoordinateTransform(UTM, degrees, QgsProject.instance())
    both = [INSIDE, QgsRectangle(500030, 3999980, 500035, 3999990)]
    layer = polygons(*(to_degrees.transformBoundingBox(one) for one in both), crs="EPSG:4326")
    area = area_of(AreaChoice(POLYGONS, layer=layer), image, qgis_canvas)
    assert area.geometry.area() == pytest.approx(150, rel=0.02)


@pytest.mark.parametrize("kind", [CANVAS, RECTANGLE, POLYGONS])
def test_an_area_beside_the_image_is_refused_in_its_own_words(image, qgis_canvas, kind):
    far = QgsRectangle(600000, 3000000, 600010, 3000010)
    qgis_canvas.setExtent(far)
    choice = AreaChoice(kind, QgsReferencedRectangle(far, UTM), polygons(far) if kind == POLYGONS else None)
    with pytest.raises(Refused, match="image"):
        area_of(choice, image, qgis_canvas)


@pytest.mark.parametrize("choice", [AreaChoice(RECTANGLE), AreaChoice(POLYGONS)])
def test_what_was_not_given_yet_is_asked_for(image, qgis_canvas, choice):
    with pytest.raises(Refused, match="first"):
        area_of(choice, image, qgis_canvas)


def test_the_area_is_four_numbers_or_wkt_and_rows_go_down_in_pictures():
    rectangle = QgsGeometry.fromRect(QgsRectangle(10, -40, 30, -20))
    assert area_text(None, Frame(UTM)) == ""
    assert area_text(rectangle, Frame(UTM)) == "10.0,-40.0,30.0,-20.0"
    assert area_text(rectangle, Frame(UTM, pixel=True)) == "10.0,20.0,30.0,40.0"
    triangle = QgsGeometry.fromWkt("Polygon((0 0, 10 -10, 10 0, 0 0))")
    assert area_text(triangle, Frame(UTM)).startswith("Polygon")
    assert in_source(triangle, Frame(UTM, pixel=True)).boundingBox() == QgsRectangle(0, 0, 10, 10)
    assert triangle.boundingBox().yMinimum() == -10
