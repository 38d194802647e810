"""Examples, phrases and classes asked of real embeddings, and what lies over the map then."""

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QSlider, QTableWidget, QToolButton
from toposcope.plugin.embeddings import controller
from toposcope.plugin.map_tools.keys import Command

from tests.qgis.embeddings.conftest import show
from tests.qgis.embeddings.scene import LEFT, PIXEL, ROOFS, SIZE, TOP, at, roof, write_image

FIELD = at(15, 120)


@pytest.fixture
def asking(embedded):
    return embedded.embeddings.asking


def said(plugin):
    return plugin.embeddings_page.findChild(QLabel, "answerStatus").text()


def click(asking, place, label=1):
    asking.showing.tool.point.emit(place, label)


def answered(asking, qtbot, kind="heat"):
    qtbot.waitUntil(lambda: getattr(asking.overlay, kind) is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not asking.busy, timeout=20_000)
    return getattr(asking.overlay, kind)


def shown_at(canvas, asking, place):
    """Return the colour of the picture over a place of the map; transparent where there is none."""
    item = asking.overlay._item
    if item._image is None:
        return QColor(0, 0, 0, 0)
    pixel = canvas.getCoordinateTransform().transform(place)
    return item._place(item._image).pixelColor(round(pixel.x()), round(pixel.y()))


def score_at(asking, place):
    """Return the score that the newest answer gives a place in the vectors' CRS."""
    heat, pixels = asking.overlay.heat, asking.overlay._answer.pixels
    column = int((place.x() - heat.extent.x0) / (heat.extent.x1 - heat.extent.x0) * heat.columns)
    row = int((heat.extent.y1 - place.y()) / (heat.extent.y1 - heat.extent.y0) * heat.rows)
    return heat.low + (heat.high - heat.low) * pixels[row * heat.columns + column] / 250


def roofs_stand_out(asking, georeferenced=True):
    field = at(15, 120, georeferenced)
    return all(
        score_at(asking, roof(number, georeferenced)) > 2 * score_at(asking, field) for number in range(len(ROOFS))
    )


def test_one_click_shows_what_is_alike(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    heat = answered(asking, qtbot)
    assert heat.high > heat.threshold > heat.low
    assert roofs_stand_out(asking)
    assert shown_at(qgis_canvas, asking, roof(0)).alpha() > 100
    assert shown_at(qgis_canvas, asking, FIELD).alpha() == 0
    assert "ms" in said(embedded)


def test_what_is_not_wanted_takes_places_away(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    before = answered(asking, qtbot)
    click(asking, FIELD, 0)
    qtbot.waitUntil(lambda: asking.overlay.heat is not before, timeout=20_000)
    assert shown_at(qgis_canvas, asking, FIELD).alpha() == 0
    assert roofs_stand_out(asking)


def test_nothing_wanted_is_said(embedded, asking):
    click(asking, FIELD, 0)
    assert "wanted, too" in said(embedded)
    assert asking.overlay.heat is None


def test_undo_takes_back_click_by_click_and_then_the_answer(embedded, asking, qgis_canvas, qtbot):
    qgis_canvas.setMapTool(asking.showing.tool)
    click(asking, roof(0))
    answered(asking, qtbot)
    assert embedded.embeddings.wants(Command.UNDO)
    asking.showing.command(Command.UNDO)
    assert asking.overlay.heat is None
    assert shown_at(qgis_canvas, asking, roof(0)).alpha() == 0
    assert not embedded.embeddings.wants(Command.UNDO)
    asking.showing.command(Command.REDO)
    answered(asking, qtbot)
    asking.showing.command(Command.CLEAR)
    assert asking.showing.shown.shown == ()
    asking.showing.command(Command.UNDO)
    assert len(asking.showing.shown.shown) == 1
    qgis_canvas.unsetMapTool(asking.showing.tool)


def test_keys_mean_nothing_to_us_while_the_tool_is_off(embedded, asking, qtbot):
    click(asking, roof(0))
    answered(asking, qtbot)
    assert not embedded.embeddings.wants(Command.UNDO)


def test_an_area_is_an_example(embedded, asking, qgis_canvas, qtbot):
    left, top = ROOFS[1]
    corners = [(left + 6, top + 6), (left + 40, top + 6), (left + 40, top + 34), (left + 6, top + 34)]
    asking.showing.tool.area.emit(QgsGeometry.fromPolygonXY([[at(*corner) for corner in (*corners, corners[0])]]), 1)
    answered(asking, qtbot)
    assert roofs_stand_out(asking)
    before = asking.overlay.heat
    asking.showing.tool.area.emit(QgsGeometry.fromRect(QgsRectangle(LEFT + 2, TOP - 70, LEFT + 15, TOP - 60)), 0)
    qtbot.waitUntil(lambda: asking.overlay.heat is not before, timeout=20_000)
    assert roofs_stand_out(asking)
    assert shown_at(qgis_canvas, asking, FIELD).alpha() == 0


@pytest.mark.parametrize(
    ("button", "held", "kind"),
    [
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, "wanted"),
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, "unwanted"),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, "unwanted"),
    ],
)
def test_button_and_shift_say_what_is_wanted(embedded, asking, qgis_canvas, button, held, kind):
    qgis_canvas.setMapTool(asking.showing.tool)
    QTest.mouseClick(qgis_canvas.viewport(), button, held, QPoint(100, 100))
    assert [example.kind for example in asking.showing.shown.shown] == [kind]
    qgis_canvas.unsetMapTool(asking.showing.tool)


def test_the_threshold_hides_what_is_below_and_auto_brings_it_back(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    heat = answered(asking, qtbot)
    slider = embedded.embeddings_page.findChild(QSlider, "answerThreshold")
    automatic = slider.value()
    slider.setValue(0)
    assert asking.overlay.threshold == pytest.approx(heat.low)
    assert shown_at(qgis_canvas, asking, FIELD).alpha() > 0
    click(asking, roof(1))
    answered(asking, qtbot)
    assert not asking.overlay.automatic
    embedded.embeddings_page.findChild(QToolButton, "automaticThreshold").click()
    assert asking.overlay.automatic
    assert slider.value() == pytest.approx(automatic, abs=60)
    assert shown_at(qgis_canvas, asking, FIELD).alpha() == 0


def test_opacity_and_visibility_change_the_picture_without_a_question(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    answered(asking, qtbot)
    strong = shown_at(qgis_canvas, asking, roof(0)).alpha()
    embedded.embeddings_page.findChild(QSlider, "answerOpacity").setValue(20)
    assert 0 < shown_at(qgis_canvas, asking, roof(0)).alpha() < strong
    embedded.embeddings_page.findChild(QSlider, "answerOpacity").setValue(70)
    embedded.embeddings_page.ask.overlay.set_shown(False)
    assert shown_at(qgis_canvas, asking, roof(0)).alpha() == 0


def test_the_answer_lies_right_in_another_crs(embedded, asking, qgis_canvas, qtbot):
    wgs = QgsCoordinateReferenceSystem("EPSG:4326")
    image = QgsProject.instance().mapLayersByName("image")[0]
    to_map = QgsCoordinateTransform(image.crs(), wgs, QgsProject.instance())
    qgis_canvas.setDestinationCrs(wgs)
    qgis_canvas.setExtent(to_map.transformBoundingBox(image.extent()))
    click(asking, to_map.transform(roof(0)))
    answered(asking, qtbot)
    assert shown_at(qgis_canvas, asking, to_map.transform(roof(0))).alpha() > 100
    assert shown_at(qgis_canvas, asking, to_map.transform(FIELD)).alpha() == 0


def test_the_map_moved_is_asked_anew(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    before = answered(asking, qtbot)
    extent = qgis_canvas.extent()
    extent.scale(0.1)
    qgis_canvas.setExtent(extent)
    qtbot.waitUntil(lambda: asking.overlay.heat is not before, timeout=20_000)
    assert asking.overlay.heat.extent.x1 - asking.overlay.heat.extent.x0 < before.extent.x1 - before.extent.x0


def test_a_map_elsewhere_is_told_and_zoom_brings_it_back(embedded, asking, qgis_canvas, qtbot):
    qgis_canvas.setExtent(QgsRectangle(0, 0, 100, 100))
    qtbot.waitUntil(lambda: "does not show" in said(embedded), timeout=5_000)
    embedded.embeddings_page.findChild(QPushButton, "zoomEmbeddings").click()
    assert qgis_canvas.extent().contains(roof(0))


def test_of_many_clicks_at_once_the_last_is_answered(embedded, asking, qgis_canvas, qtbot):
    before = asking._live._sequence
    for number in range(len(ROOFS)):
        click(asking, roof(number))
    click(asking, FIELD, 0)
    answered(asking, qtbot)
    assert asking._live._sequence - before <= 2
    assert roofs_stand_out(asking)


def test_a_phrase_is_asked_for_and_remembered(embedded, asking, qtbot):
    page = embedded.embeddings_page.ask
    page.set_mode("phrase")
    assert "press Enter" in said(embedded)
    page.phrase.set_text("building")
    page.findChild(QPushButton, "askPhrase").click()
    heat = answered(asking, qtbot)
    assert 0 <= heat.low < heat.high
    page.set_mode("similar")
    assert asking.overlay.heat is None


def test_a_phrase_no_model_reads_is_refused_in_one_sentence(embedded, asking, qtbot):
    page = embedded.embeddings_page.ask
    page.set_mode("phrase")
    page.phrase.set_text("สระว่ายน้ำ")
    page.findChild(QPushButton, "askPhrase").click()
    qtbot.waitUntil(lambda: asking._failed != "" or asking.overlay.heat is not None, timeout=20_000)
    assert said(embedded)


def two_classes(plugin, asking, qtbot):
    plugin.embeddings_page.ask.set_mode("classes")
    first, second = asking.showing.book.rows[:2]
    asking.showing.book.choose(first.id)
    for number in range(3):
        click(asking, roof(number))
    asking.showing.book.choose(second.id)
    for place in (FIELD, at(110, 110), at(230, 20)):
        click(asking, place)
    return answered(asking, qtbot, "classes"), first, second


def test_examples_of_two_classes_make_a_class_map(embedded, asking, qgis_canvas, qtbot):
    _classes, first, second = two_classes(embedded, asking, qtbot)
    qtbot.waitUntil(lambda: sum(asking.overlay.classes.examples) >= 6, timeout=20_000)
    assert asking.overlay.classes.names == (first.name, second.name)
    on_roof, on_field = shown_at(qgis_canvas, asking, roof(3)), shown_at(qgis_canvas, asking, at(230, 120))
    assert (on_roof.hsvHue(), on_field.hsvHue()) == pytest.approx(
        (first.colour.hsvHue(), second.colour.hsvHue()), abs=4
    )
    assert "accuracy 100%" in embedded.embeddings_page.findChild(QLabel, "classAccuracy").text()


def test_a_class_renamed_and_recoloured_keeps_its_examples(embedded, asking, qgis_canvas, qtbot):
    _classes, first, _second = two_classes(embedded, asking, qtbot)
    table = embedded.embeddings_page.findChild(QTableWidget, "classes")
    table.item(0, 0).setText("roof")
    assert asking.showing.book.rows[0].name == "roof"
    assert table.item(0, 1).text() == "3"
    asking.showing.book.recolour(first.id, QColor(0, 0, 255))
    qtbot.waitUntil(lambda: asking.overlay.classes is not None and "roof" in asking.overlay.classes.names)
    assert shown_at(qgis_canvas, asking, roof(3)).hsvHue() == 240
    asking.showing.book.rename(first.id, asking.showing.book.rows[1].name)
    assert asking.showing.book.rows[0].name == "roof"


def test_a_class_removed_takes_its_examples_along(embedded, asking, qtbot):
    _classes, _first, second = two_classes(embedded, asking, qtbot)
    embedded.embeddings_page.ask.classes.removed.emit(second.id)
    assert asking.overlay.classes is None
    assert "two classes" in said(embedded)
    asking.showing.book.add()


def test_a_classifier_is_saved_and_applied_(embedded, asking, qgis_canvas, qtbot, tmp_path, monkeypatch):
    two_classes(embedded, asking, qtbot)
    path = tmp_path / "roofs.json"
    monkeypatch.setattr(controller, "ask_classifier_to_save", lambda _parent: path)
    monkeypatch.setattr(controller, "ask_classifier", lambda _parent: path)
    embedded.embeddings_page.findChild(QToolButton, "saveClassifier").click()
    assert path.stat().st_size < 20_000
    asking.showing.command(Command.CLEAR)
    assert asking.overlay.classes is None
    embedded.embeddings_page.findChild(QToolButton, "loadClassifier").click()
    answered(asking, qtbot, "classes")
    assert shown_at(qgis_canvas, asking, roof(3)).alpha() > 100
    assert "roofs" in said(embedded)


def test_selected_features_are_examples(embedded, asking, qgis_canvas, qtbot):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32611", "known", "memory")
    feature, (left, top) = QgsFeature(), ROOFS[0]
    x0, y1 = LEFT + left * PIXEL, TOP - top * PIXEL
    feature.setGeometry(QgsGeometry.fromWkt(f"Polygon(({x0} {y1}, {x0 + 20} {y1}, {x0 + 20} {y1 - 15}, {x0} {y1}))"))
    layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    page = embedded.embeddings_page.ask
    page.selected.setLayer(layer)
    page.findChild(QPushButton, "addSelected").click()
    assert asking.showing.shown.shown == ()
    layer.selectAll()
    page.findChild(QPushButton, "addSelected").click()
    answered(asking, qtbot)
    assert roofs_stand_out(asking)


def test_examples_beside_the_embeddings_do_not_count_and_are_told(embedded, asking, qtbot):
    click(asking, at(-500, 120))
    assert "do not count: 1" in said(embedded)
    click(asking, roof(0))
    answered(asking, qtbot)
    assert roofs_stand_out(asking)
    assert "do not count: 1" in said(embedded)


def test_an_image_without_georeference_answers_where_it_lies(plugin, compute, qgis_canvas, qtbot, tmp_path):
    show(plugin, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "photo.tif", False)), "photo"))
    compute()
    asking = plugin.embeddings.asking
    click(asking, roof(0, False))
    answered(asking, qtbot)
    assert roofs_stand_out(asking, False)
    assert shown_at(qgis_canvas, asking, roof(0, False)).alpha() > 100
    assert shown_at(qgis_canvas, asking, at(15, 120, False)).alpha() == 0
    assert shown_at(qgis_canvas, asking, at(SIZE // 2, SIZE - 8, False)).alpha() == 0


def test_closing_the_panel_takes_everything_off_the_map(embedded, asking, qgis_canvas, qtbot):
    qgis_canvas.setMapTool(asking.showing.tool)
    click(asking, roof(0))
    answered(asking, qtbot)
    embedded.dock.closed.emit()
    assert qgis_canvas.mapTool() is not asking.showing.tool
    assert shown_at(qgis_canvas, asking, roof(0)).alpha() == 0
    embedded.show_action.setChecked(True)
    assert shown_at(qgis_canvas, asking, roof(0)).alpha() > 100


def test_a_backend_started_anew_answers_as_before(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    answered(asking, qtbot)
    embedded.connection.restart()
    assert asking.overlay.heat is None
    qtbot.waitUntil(lambda: embedded.connection.ready, timeout=60_000)
    answered(asking, qtbot)
    assert roofs_stand_out(asking)


def test_chips_of_an_image_without_georeference_lie_where_it_does(plugin, compute_chips, qgis_canvas, qtbot, tmp_path):
    image = show(plugin, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "photo.tif", False)), "photo"))
    compute_chips()
    asking = plugin.embeddings.asking
    click(asking, roof(0, False))
    heat = answered(asking, qtbot)
    assert (heat.extent.y0, heat.extent.y1) == (image.extent().yMinimum(), image.extent().yMaximum())
    assert shown_at(qgis_canvas, asking, roof(0, False)).alpha() > 100
    assert shown_at(qgis_canvas, asking, at(15, 120, False)).alpha() == 0
