"""The keys of the prompt tool, also while a panel has the focus, never while somebody types."""

from __future__ import annotations

from enum import Enum
from typing import Callable, List, Optional

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


class Command(Enum):
    """What a key asks for."""

    UNDO = "undo"
    REDO = "redo"
    CLEAR = "clear"
    ACCEPT = "accept"


_NO = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def command_of(event: QKeyEvent) -> Optional[Command]:
    """Return what a key press asks for, or None."""
    key = event.key()
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == _NO:
        plain = {
            Qt.Key.Key_Backspace: Command.UNDO,
            Qt.Key.Key_Escape: Command.CLEAR,
            Qt.Key.Key_Return: Command.ACCEPT,
            Qt.Key.Key_Enter: Command.ACCEPT,
        }
        return plain.get(key)
    if key == Qt.Key.Key_Z and held == _CTRL:
        return Command.UNDO
    if key == Qt.Key.Key_Z and held == _CTRL | _SHIFT:
        return Command.REDO
    return None


def is_typing(widget: Optional[QWidget]) -> bool:
    """Return whether keys belong to this widget: a text, number or cell editor, or an open list."""
    if isinstance(widget, (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable() or widget.view().isVisible()
    if isinstance(widget, QAbstractItemView):
        return widget.state() == QAbstractItemView.State.EditingState
    return widget is not None and widget.inherits("QsciScintilla")


class KeyFilter(QObject):
    """Turns key presses that reach a watched window into commands.

    Watch the main window, and the dock too (a floating dock is a window of its own). `wants(command)` says whether a
    command means something now; where it does not, the key keeps its usual meaning (Ctrl+Z undoes the last edit).
    """

    command = pyqtSignal(object)

    def __init__(self, wants: Callable[[Command], bool], parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._wants = wants
        self._watched: List[QWidget] = []
        self._caught: Optional[QWidget] = None

    def watch(self, window: QWidget) -> None:
        """Listen to what nobody inside `window` took."""
        window.installEventFilter(self)
        self._watched.append(window)

    def stop(self) -> None:
        """Listen no more."""
        self._catch(None)
        for window in self._watched:
            window.removeEventFilter(self)
        self._watched.clear()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Claim our keys before QGIS's shortcuts do, then act on them."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        command = command_of(event)
        if command is None or is_typing(QApplication.focusWidget()) or QApplication.activePopupWidget():
            return False
        if not self._wants(command):
            return False
        event.accept()
        if event.type() == QEvent.Type.ShortcutOverride:
            self._catch(QApplication.focusWidget())
            return True
        self._catch(None)
        if not (event.isAutoRepeat() and command is Command.ACCEPT):
            self.command.emit(command)
        return True

    def _catch(self, widget: Optional[QWidget]) -> None:
        """Stand before the widget the key press goes to next: a list would take it for a search and keep it.

        The canvas passes keys on to its tool by itself.
        """
        if self._caught is not None:
            self._caught.removeEventFilter(self)
        self._caught = None if isinstance(widget, QgsMapCanvas) or widget in self._watched else widget
        if self._caught is not None:
            self._caught.installEventFilter(self)
