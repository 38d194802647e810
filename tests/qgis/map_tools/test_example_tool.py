import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import QEvent, QPointF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from toposcope.plugin.map_tools.example_overlay import ExampleOverlay, Mark
from toposcope.plugin.map_tools.example_tool import ExampleTool
from toposcope.plugin.map_tools.picture_item import PictureItem

from tests.qgis.map_tools.test_prompt_tool import LEFT, NONE, RIGHT, SHIFT, at

UTM = QgsCoordinateReferenceSystem("EPSG:32611")


@pytest.fixture
def tool(canvas):
    made = ExampleTool(canvas, lambda _command: True)
    canvas.setMapTool(made)
    yield made
    canvas.unsetMapTool(made)


@pytest.fixture
def said(tool):
    heard = []
    tool.point.connect(lambda place, label: heard.append((round(place.x()), round(place.y()), label)))
    tool.area.connect(lambda geometry, label: heard.append((geometry, label)))
    return heard


def draw(canvas, places, button=LEFT, held=NONE):
    view = canvas.viewport()
    QTest.mousePress(view, button, held, at(canvas, *places[0]))
    for place in places[1:]:
        # QTest.mouseMove gives nothing while a button is held
        moved = QMouseEvent(QEvent.Type.MouseMove, QPointF(at(canvas, *place)), Qt.MouseButton.NoButton, button, held)
        QApplication.sendEvent(view, moved)
    QTest.mouseRelease(view, button, held, at(canvas, *places[-1]))


def test_a_drag_around_is_an_area(canvas, tool, said):
    items = len(canvas.scene().items())
    draw(canvas, [(100, 100), (200, 100), (200, 200), (100, 200)])
    [(area, label)] = said
    assert area.area() == pytest.approx(100 * 100, rel=0.05)
    assert label == 1
    assert len(canvas.scene().items()) == items


@pytest.mark.parametrize(("button", "held"), [(RIGHT, NONE), (LEFT, SHIFT)])
def test_the_right_button_or_shift_draws_what_is_not_wanted(canvas, tool, said, button, held):
    draw(canvas, [(100, 100), (200, 100), (200, 200)], button, held)
    [(area, label)] = said
    assert area.area() == pytest.approx(5000, rel=0.05)
    assert label == 0


def test_an_outline_that_crosses_itself_is_its_parts(canvas, tool, said):
    draw(canvas, [(100, 100), (200, 200), (200, 100), (100, 200)])
    [(area, _label)] = said
    assert area.isGeosValid()
    assert area.area() == pytest.approx(5000, rel=0.1)


@pytest.mark.parametrize("places", [[(100, 100)], [(100, 100), (102, 101)], [(100, 100), (200, 200)]])
def test_what_has_no_area_is_a_click_where_it_began(canvas, tool, said, places):
    draw(canvas, places)
    assert said == [(100, 100, 1)]


def test_marks_come_and_go(canvas):
    items = len(canvas.scene().items())
    overlay = ExampleOverlay(canvas)
    red = QColor("red")
    marks = [
        Mark(QgsGeometry.fromPointXY(QgsPointXY(100, 100)), UTM, red),
        Mark(QgsGeometry.fromRect(QgsRectangle(10, 10, 50, 50)), UTM, red, False),
    ]
    overlay.set_marks(marks)
    assert len(canvas.scene().items()) == items + 3
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert len(canvas.scene().items()) == items + 3
    canvas.setDestinationCrs(UTM)
    overlay.set_marks([])
    assert len(canvas.scene().items()) == items
    overlay.close()


def test_a_picture_lies_where_its_extent_says(canvas):
    image = QImage(2, 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("blue"))
    image.setPixelColor(0, 0, QColor("red"))
    item = PictureItem(canvas)
    item.set_picture(image, QgsRectangle(100, 100, 300, 200), UTM)
    placed = item._place(image)
    assert placed.pixelColor(at(canvas, 150, 175)) == QColor("red")
    assert placed.pixelColor(at(canvas, 250, 175)) == QColor("blue")
    assert placed.pixelColor(at(canvas, 90, 150)).alpha() == 0
    before = len(canvas.scene().items())
    item.close()
    assert len(canvas.scene().items()) == before - 1
