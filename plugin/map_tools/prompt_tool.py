"""Clicks, drags and moves on the canvas as signals; what they mean is decided elsewhere."""

from __future__ import annotations

from typing import Callable, Optional

from qgis.core import QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent
from qgis.PyQt.QtWidgets import QApplication

from ..gis.compat import POLYGON
from ..gis.styles import DARK, LIGHT
from .keys import Command, command_of


class PromptTool(QgsMapTool):
    """Left click: belongs to the object; right click or Alt: does not; left drag: box. Positions are the map's.

    `point(QgsPointXY, int)`, `box(QgsRectangle)`, `hovered(QgsPointXY)`, `left()` when the pointer leaves the map,
    `command(keys.Command)`.
    """

    point = pyqtSignal(object, int)
    box = pyqtSignal(object)
    hovered = pyqtSignal(object)
    left = pyqtSignal()
    command = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, wants: Callable[[Command], bool] = lambda _command: True) -> None:
        super().__init__(canvas)
        self._wants = wants
        self._pressed: Optional[QPoint] = None
        self._band: Optional[QgsRubberBand] = None
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Remember where a click or drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.pos()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Follow the pointer, or draw the box."""
        if self._pressed is None:
            self.hovered.emit(self._map(event.pos()))
        elif self._dragged(event.pos()):
            self._show(QgsRectangle(self._map(self._pressed), self._map(event.pos())))

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Give a point or a box."""
        begun, self._pressed = self._pressed, None
        self._hide()
        if event.button() == Qt.MouseButton.RightButton:
            self._give_point(event.pos(), 0)
        elif event.button() == Qt.MouseButton.LeftButton and begun is not None:
            if is_drag(begun, event.pos()):
                self.box.emit(QgsRectangle(self._map(begun), self._map(event.pos())))
            else:
                self._give_point(event.pos(), 0 if event.modifiers() & Qt.KeyboardModifier.AltModifier else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on the keys that are commands now."""
        command = command_of(event)
        if command is None or not self._wants(command):
            event.ignore()
            return
        event.accept()
        self.command.emit(command)

    def activate(self) -> None:
        """Start to notice when the pointer leaves the map, and Esc during a drag."""
        super().activate()
        self.canvas().installEventFilter(self)
        self.canvas().viewport().installEventFilter(self)

    def deactivate(self) -> None:
        """Forget a drag that was under way."""
        self.canvas().removeEventFilter(self)
        self.canvas().viewport().removeEventFilter(self)
        self._drop_drag()
        self.left.emit()
        super().deactivate()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell when the pointer leaves the map; let Esc end a drag, which a canvas hides from its tool."""
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        if event.type() == QEvent.Type.KeyPress and self._pressed is not None and event.key() == Qt.Key.Key_Escape:
            self._drop_drag()
            return True
        return False

    def _drop_drag(self) -> None:
        self._pressed = None
        self._hide()

    def _give_point(self, at: QPoint, label: int) -> None:
        self.point.emit(self._map(at), label)

    def _dragged(self, at: QPoint) -> bool:
        return self._pressed is not None and is_drag(self._pressed, at)

    def _map(self, at: QPoint) -> QgsPointXY:
        return self.toMapCoordinates(at)

    def _show(self, rectangle: QgsRectangle) -> None:
        if self._band is None:
            self._band = make_band(self.canvas(), LIGHT)
        self._band.reset(POLYGON)
        for x, y in (
            (rectangle.xMinimum(), rectangle.yMinimum()),
            (rectangle.xMaximum(), rectangle.yMinimum()),
            (rectangle.xMaximum(), rectangle.yMaximum()),
            (rectangle.xMinimum(), rectangle.yMaximum()),
        ):
            self._band.addPoint(QgsPointXY(x, y))

    def _hide(self) -> None:
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None


def make_band(canvas: QgsMapCanvas, colour: QColor) -> QgsRubberBand:
    """Return a band that shows what is being drawn."""
    band = QgsRubberBand(canvas, POLYGON)
    band.setStrokeColor(colour)
    band.setSecondaryStrokeColor(DARK)
    band.setFillColor(QColor(0, 0, 0, 0))
    band.setWidth(2)
    return band


def is_drag(one: QPoint, other: QPoint) -> bool:
    """Return whether a press and a release this far apart are a drag."""
    return (one - other).manhattanLength() >= QApplication.startDragDistance()
