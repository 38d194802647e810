import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsRubberBand, QgsVertexMarker
from toposcope.plugin.map_tools.overlay import PromptOverlay

UTM11 = QgsCoordinateReferenceSystem("EPSG:32611")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
SPOT = QgsPointXY(500000, 4000000)
SQUARE = QgsGeometry.fromRect(QgsRectangle(500000, 4000000, 500010, 4000010))


@pytest.fixture
def overlay(canvas):
    made = PromptOverlay(canvas)
    yield made
    made.close()


def items(canvas, kind):
    return [item for item in canvas.scene().items() if isinstance(item, kind)]


def test_prompts_stay_in_place_when_the_map_changes_its_crs(canvas, overlay):
    overlay.set_prompts([(SPOT, 1), (QgsPointXY(500005, 4000005), 0)], None, UTM11)
    markers = items(canvas, QgsVertexMarker)
    assert len(markers) == 4
    assert {(m.center().x(), m.center().y()) for m in markers} == {(500000, 4000000), (500005, 4000005)}
    canvas.setDestinationCrs(WGS84)
    centres = sorted({round(m.center().x(), 6) for m in items(canvas, QgsVertexMarker)})
    assert centres == [-117.0, pytest.approx(-116.999945, abs=2e-6)]
    canvas.setDestinationCrs(UTM11)
    back = {(round(m.center().x(), 3), round(m.center().y(), 3)) for m in items(canvas, QgsVertexMarker)}
    assert (500000, 4000000) in back


def test_outlines_follow_the_crs_too(canvas, overlay):
    overlay.set_decided(SQUARE, UTM11)
    band = overlay._bands["decided"]
    assert band.asGeometry().area() == pytest.approx(100)
    canvas.setDestinationCrs(WGS84)
    assert band.asGeometry().boundingBox().xMinimum() == pytest.approx(-117, abs=1e-6)


def test_prompts_follow_zoom_on_screen(canvas, overlay):
    overlay.set_prompts([(QgsPointXY(100, 100), 1)], None, UTM11)
    marker = items(canvas, QgsVertexMarker)[0]
    for extent in (QgsRectangle(0, 0, 400, 300), QgsRectangle(90, 90, 130, 120)):
        canvas.setExtent(extent)
        canvas.refresh()
        expected = canvas.getCoordinateTransform().transform(QgsPointXY(100, 100))
        shown = marker.pos()
        assert (shown.x(), shown.y()) == pytest.approx((expected.x(), expected.y()), abs=1)


def test_hover_and_decided_are_told_apart_and_a_box_is_drawn(canvas, overlay):
    before = len(items(canvas, QgsRubberBand))
    overlay.set_prompts([], QgsRectangle(10, 10, 20, 30), UTM11)
    boxes = items(canvas, QgsRubberBand)
    assert len(boxes) == before + 1
    overlay.set_hover(SQUARE, UTM11)
    overlay.set_decided(SQUARE, UTM11)
    assert overlay._bands["hover"].size() == overlay._bands["decided"].size() == 1
    overlay.set_hover(None, UTM11)
    assert overlay._bands["hover"].size() == 0
    assert overlay._bands["decided"].size() == 1


def test_clear_and_close_leave_nothing(canvas):
    before = len(canvas.scene().items())
    overlay = PromptOverlay(canvas)
    overlay.set_prompts([(SPOT, 1)], QgsRectangle(0, 0, 1, 1), UTM11)
    overlay.set_hover(SQUARE, UTM11)
    overlay.clear()
    assert items(canvas, QgsVertexMarker) == []
    overlay.close()
    assert len(canvas.scene().items()) == before
    canvas.setDestinationCrs(WGS84)


def test_a_place_the_map_cannot_show_is_left_out(canvas, overlay):
    overlay.set_prompts([(QgsPointXY(500000, 1e12), 1), (SPOT, 1)], None, UTM11)
    canvas.setDestinationCrs(WGS84)
    overlay.set_decided(SQUARE, UTM11)
    assert overlay._bands["decided"].size() == 1
