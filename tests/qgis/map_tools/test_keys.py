import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QShortcut,
    QSpinBox,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from toposcope.plugin.map_tools.keys import Command, KeyFilter

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
OURS = [
    (Qt.Key.Key_Backspace, NONE, Command.UNDO),
    (Qt.Key.Key_Z, CTRL, Command.UNDO),
    (Qt.Key.Key_Z, CTRL | SHIFT, Command.REDO),
    (Qt.Key.Key_Escape, NONE, Command.CLEAR),
    (Qt.Key.Key_Return, NONE, Command.ACCEPT),
]


class Desk:
    """A main window with a dock, QGIS's own Ctrl+Z, and a filter that writes down what it hears."""

    def __init__(self):
        self.window = QMainWindow()
        self.dock = QDockWidget(self.window)
        self.panel = QWidget()
        QVBoxLayout(self.panel)
        self.dock.setWidget(self.panel)
        self.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        self.undone = []
        shortcut = QShortcut(QKeySequence("Ctrl+Z"), self.window)
        shortcut.activated.connect(lambda: self.undone.append(1))
        self.heard = []
        self.wanted = set(Command)
        self.filter = KeyFilter(lambda command: command in self.wanted)
        self.filter.watch(self.window)
        self.filter.watch(self.dock)
        self.filter.command.connect(self.heard.append)

    def put(self, widget):
        self.panel.layout().addWidget(widget)
        widget.show()
        widget.setFocus()
        return widget


@pytest.fixture
def desk(qgis_app, qtbot):
    made = Desk()
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.filter.stop()
    made.window.close()
    made.window.deleteLater()


@pytest.mark.parametrize(("key", "held", "command"), OURS)
def test_keys_work_while_a_button_of_the_dock_has_the_focus(desk, key, held, command):
    button = desk.put(QPushButton("x"))
    assert button.hasFocus()
    QTest.keyClick(button, key, held)
    assert desk.heard == [command]
    assert desk.undone == []


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QSpinBox])
@pytest.mark.parametrize(("key", "held"), [row[:2] for row in OURS])
def test_keys_do_nothing_while_typing(desk, kind, key, held):
    editor = desk.put(kind())
    QTest.keyClick(editor, key, held)
    assert desk.heard == []


def test_an_editable_list_is_typing_a_plain_one_is_not(desk):
    box = desk.put(QComboBox())
    for key, held, _command in OURS:
        QTest.keyClick(box, key, held)
    assert desk.heard == [command for _key, _held, command in OURS]
    box.setEditable(True)
    box.setFocus()
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Escape)
    assert len(desk.heard) == len(OURS)


def test_a_cell_being_edited_is_typing(desk):
    table = desk.put(QTableWidget(1, 1))
    table.setCurrentCell(0, 0)
    table.edit(table.currentIndex())
    QTest.keyClick(table.viewport().focusWidget() or table, Qt.Key.Key_Return)
    assert desk.heard == []


def test_a_read_only_text_is_not_typing(desk):
    text = QPlainTextEdit("log")
    text.setReadOnly(True)
    desk.put(text)
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert desk.heard == [Command.ACCEPT]


def test_what_nobody_wants_keeps_its_usual_meaning(desk):
    desk.wanted = {Command.ACCEPT}
    button = desk.put(QPushButton("x"))
    QTest.keyClick(button, Qt.Key.Key_Z, CTRL)
    assert desk.heard == []
    assert desk.undone == [1]


def test_a_stopped_filter_hears_nothing(desk):
    button = desk.put(QPushButton("x"))
    desk.filter.stop()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert desk.heard == []
