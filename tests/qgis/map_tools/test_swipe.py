"""The compare slider: what each side of its line shows, and what moves or ends it."""

import pytest
from osgeo import gdal, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from toposcope.plugin.gis import view_render
from toposcope.plugin.map_tools.swipe import Side, Swipe
from toposcope.plugin.map_tools.swipe_item import SwipeItem

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)


def plain(path, colour, left=0):
    """Return a layer of one colour, 400 x 300 m from `left` on."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 30, 3)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32611)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((left, 10, 0, 300, 0, -10))
    for band, value in enumerate(colour, 1):
        dataset.GetRasterBand(band).Fill(value)
    dataset.FlushCache()
    layer = QgsRasterLayer(str(path), path.stem)
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.fixture
def layers(canvas, tmp_path, qgis_new_project):
    """Red over blue, shown."""
    made = [plain(tmp_path / f"{name}.tif", colour) for name, colour in (("red", RED), ("blue", BLUE))]
    canvas.setLayers(made)
    canvas.refresh()
    return made


@pytest.fixture
def swipe(canvas):
    made = Swipe(canvas)
    yield made
    made.close()


@pytest.fixture
def seen(canvas, qtbot):
    """Return a function that waits until the canvas shows these colours at these pixels."""

    def colour(x, y):
        found = canvas.grab().toImage().pixelColor(x, y)
        return found.red(), found.green(), found.blue()

    def wait(*expected):
        def check():
            assert [colour(*at) for at, _ in expected] == [wanted for _, wanted in expected]

        qtbot.waitUntil(check, timeout=5000)

    return wait


def bottom_only(swipe, layers):
    swipe.begin(Side("before", without=(layers[0].id(),)), Side("after"))


def press(canvas, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def drag(canvas, begin, end):
    view, left, none = canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(view, left, none, QPoint(*begin))
    moved = QMouseEvent(QEvent.Type.MouseMove, QPointF(*end), Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(view, moved)
    QTest.mouseRelease(view, left, none, QPoint(*end))


def test_a_side_shows_the_map_without_what_is_compared(swipe, layers, seen):
    bottom_only(swipe, layers)
    seen(((100, 60), BLUE), ((300, 60), RED))
    swipe.move_to(0.2)
    seen(((60, 60), BLUE), ((100, 60), RED))


def test_sides_show_layers_whether_the_map_does_or_not(swipe, layers, seen, tmp_path):
    green = plain(tmp_path / "green.tif", GREEN)
    swipe.begin(Side(only=(green.id(),)), Side(only=(layers[1].id(),)))
    seen(((100, 60), GREEN), ((300, 60), BLUE))


def test_a_line_that_lies_has_sides_above_and_below(swipe, layers, seen):
    swipe.set_upright(False)
    bottom_only(swipe, layers)
    seen(((40, 60), BLUE), ((40, 240), RED), ((350, 60), BLUE))


def test_the_mouse_drags_the_line_and_the_tool_does_not_notice(swipe, layers, seen, canvas):
    tool = QgsMapToolPan(canvas)
    canvas.setMapTool(tool)
    bottom_only(swipe, layers)
    seen(((100, 60), BLUE))
    before = canvas.extent()
    drag(canvas, (200, 40), (320, 40))
    assert swipe.share == pytest.approx(0.8, abs=0.01)
    assert canvas.extent() == before
    seen(((300, 60), BLUE), ((350, 60), RED))
    drag(canvas, (100, 40), (150, 40))
    assert swipe.share == pytest.approx(0.8, abs=0.01)
    assert canvas.extent().xMinimum() == pytest.approx(before.xMinimum() - 50, abs=3)


def test_arrows_move_the_line_within_the_map_and_escape_ends(swipe, layers, canvas, qtbot):
    bottom_only(swipe, layers)
    press(canvas, Qt.Key.Key_Right)
    assert swipe.share == pytest.approx(0.51)
    for _ in range(9):
        press(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert swipe.share == 0
    with qtbot.waitSignal(swipe.ended):
        press(canvas, Qt.Key.Key_Escape)
    assert not swipe.active
    assert not [item for item in canvas.scene().items() if isinstance(item, SwipeItem)]


def test_escape_ends_it_also_in_a_panel_but_not_while_somebody_types(layers, canvas, qtbot):
    window, edit, button = QMainWindow(), QLineEdit(), QPushButton()
    panel = QWidget()
    column = QVBoxLayout(panel)
    column.addWidget(edit)
    column.addWidget(button)
    dock = QDockWidget(window)
    dock.setWidget(panel)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    inside = QgsMapCanvas(window)
    window.setCentralWidget(inside)
    qtbot.addWidget(window)
    window.show()
    swipe = Swipe(inside)
    bottom_only(swipe, layers)
    for focused, active in ((edit, True), (button, False)):
        focused.setFocus()
        qtbot.waitUntil(focused.hasFocus)
        QTest.keyClick(focused, Qt.Key.Key_Escape)
        assert swipe.active is active
    swipe.close()


def test_keys_of_the_other_axis_stay_the_maps(swipe, layers, canvas):
    bottom_only(swipe, layers)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier)
    assert not swipe.eventFilter(canvas, event)
    swipe.set_upright(False)
    assert swipe.eventFilter(canvas, event)
    assert swipe.share == 0.5


def test_it_follows_pan_zoom_and_other_projections(swipe, layers, seen, canvas, tmp_path):
    green = plain(tmp_path / "green.tif", GREEN, left=400)
    canvas.setLayers([layers[0], green, layers[1]])
    bottom_only(swipe, layers)
    seen(((100, 60), BLUE), ((300, 60), RED))
    canvas.setExtent(QgsRectangle(300, 0, 700, 300))
    canvas.refresh()
    seen(((60, 60), BLUE), ((150, 60), GREEN), ((300, 60), GREEN))
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32612"))
    canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(layers[1], layers[1].extent()))
    canvas.refresh()
    seen(((150, 150), BLUE), ((250, 150), RED))


def test_a_map_that_is_turned(swipe, layers, seen, canvas):
    canvas.setRotation(90)
    bottom_only(swipe, layers)
    seen(((180, 110), BLUE), ((220, 110), RED))
    canvas.setRotation(0)
    seen(((20, 60), BLUE))


def test_a_layer_that_goes_ends_it(swipe, layers, qtbot, canvas):
    bottom_only(swipe, layers)
    with qtbot.waitSignal(swipe.ended):
        QgsProject.instance().removeMapLayer(layers[0].id())
    assert not swipe.active


def test_what_is_drawn_while_it_ends_is_not_shown(swipe, layers, qtbot):
    for _ in range(5):
        bottom_only(swipe, layers)
        swipe.end()
    qtbot.wait(200)
    assert not swipe.active
    qtbot.waitUntil(lambda: not view_render._stopping)
