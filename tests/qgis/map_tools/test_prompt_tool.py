import pytest
from qgis.core import QgsPointXY
from qgis.PyQt.QtCore import QEvent, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from toposcope.plugin.map_tools.keys import Command
from toposcope.plugin.map_tools.prompt_tool import PromptTool

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Said(list):
    def listen(self, tool):
        tool.point.connect(lambda at, label: self.append(("point", round(at.x()), round(at.y()), label)))
        tool.box.connect(lambda r: self.append(("box", *(round(v) for v in r.toRectF().getCoords()))))
        tool.hovered.connect(lambda at: self.append(("hover", round(at.x()), round(at.y()))))
        tool.left.connect(lambda: self.append("left"))
        tool.command.connect(self.append)
        return self


@pytest.fixture
def tool(canvas):
    made = PromptTool(canvas)
    canvas.setMapTool(made)
    yield made
    canvas.unsetMapTool(made)


def at(canvas, x, y):
    position = canvas.getCoordinateTransform().transform(QgsPointXY(x, y))
    return QPoint(round(position.x()), round(position.y()))


def drag(canvas, begin, end):
    view = canvas.viewport()
    QTest.mousePress(view, LEFT, NONE, at(canvas, *begin))
    for share in (0.5, 1):
        there = [b + (e - b) * share for b, e in zip(begin, end, strict=True)]
        QTest.mouseMove(view, at(canvas, *there))
        QApplication.processEvents()
    QTest.mouseRelease(view, LEFT, NONE, at(canvas, *end))


def test_clicks_are_points_with_their_label(canvas, tool):
    said = Said().listen(tool)
    view = canvas.viewport()
    QTest.mouseClick(view, LEFT, NONE, at(canvas, 40, 50))
    QTest.mouseClick(view, RIGHT, NONE, at(canvas, 60, 50))
    QTest.mouseClick(view, LEFT, ALT, at(canvas, 60, 80))
    points = [entry for entry in said if entry[0] == "point"]
    assert points == [("point", 40, 50, 1), ("point", 60, 50, 0), ("point", 60, 80, 0)]


def test_a_drag_is_a_box_and_its_band_goes_with_it(canvas, tool):
    said = Said().listen(tool)
    items = len(canvas.scene().items())
    drag(canvas, (100, 200), (160, 120))
    boxes = [entry for entry in said if entry[0] != "hover"]
    assert boxes == [("box", 100, 120, 160, 200)]
    assert len(canvas.scene().items()) == items


def test_a_trembling_hand_is_a_click(canvas, tool):
    said = Said().listen(tool)
    drag(canvas, (100, 200), (102, 201))
    assert [entry[0] for entry in said if entry[0] != "hover"] == ["point"]


def test_moving_hovers_and_leaving_is_told(canvas, tool):
    said = Said().listen(tool)
    QTest.mouseMove(canvas.viewport(), at(canvas, 200, 100))
    QApplication.processEvents()
    assert ("hover", 200, 100) in said
    QApplication.sendEvent(canvas.viewport(), QEvent(QEvent.Type.Leave))
    assert said[-1] == "left"


@pytest.mark.parametrize(
    ("key", "held", "command"),
    [
        (Qt.Key.Key_Backspace, NONE, Command.UNDO),
        (Qt.Key.Key_Z, CTRL, Command.UNDO),
        (Qt.Key.Key_Z, CTRL | SHIFT, Command.REDO),
        (Qt.Key.Key_Escape, NONE, Command.CLEAR),
        (Qt.Key.Key_Return, NONE, Command.ACCEPT),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, Command.ACCEPT),
    ],
)
def test_keys_on_the_canvas(canvas, tool, key, held, command):
    said = Said().listen(tool)
    QTest.keyClick(canvas, key, held)
    assert said == [command]


def test_other_keys_stay_the_canvass_own(canvas, tool):
    said = Said().listen(tool)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_A, Qt.Key.Key_Delete):
        QTest.keyClick(canvas, key)
    assert said == []


def test_escape_during_a_drag_drops_the_drag_only(canvas, tool):
    said = Said().listen(tool)
    view = canvas.viewport()
    QTest.mousePress(view, LEFT, NONE, at(canvas, 100, 200))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, NONE, at(canvas, 160, 120))
    assert [entry for entry in said if entry[0] != "hover"] == []


def test_a_command_nobody_wants_is_not_given(canvas):
    tool = PromptTool(canvas, wants=lambda command: command is not Command.UNDO)
    canvas.setMapTool(tool)
    said = Said().listen(tool)
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert said == [Command.ACCEPT]
    canvas.unsetMapTool(tool)
