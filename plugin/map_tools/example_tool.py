"""Clicks and freehand outlines on the canvas as examples: of what is wanted, or of what is not."""

from __future__ import annotations

from typing import List, Optional

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapMouseEvent, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal

from ..gis.compat import POLYGON
from ..gis.styles import LIGHT, NEGATIVE
from .prompt_tool import PromptTool, is_drag, make_band

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
UNWANTED_KEYS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
STEP = 3
"""Pixels the pointer moves before an outline gets its next corner."""


class ExampleTool(PromptTool):
    """Left: wanted; right, or Shift or Alt with it: not wanted. A click is a point, a drag draws around an area.

    Beside `PromptTool`'s `point`, `area(QgsGeometry, int)` carries an outline of the map and its label.
    """

    area = pyqtSignal(object, int)

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._path: List[QPoint] = []
        self._label = 1

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin a click or an outline."""
        if event.button() in (LEFT, RIGHT):
            self._pressed, self._path = event.pos(), [event.pos()]
            unwanted = event.button() == RIGHT or event.modifiers() & UNWANTED_KEYS
            self._label = 0 if unwanted else 1

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Follow the pointer with the outline."""
        if self._pressed is None:
            return
        if (event.pos() - self._path[-1]).manhattanLength() >= STEP:
            self._path.append(event.pos())
        if self._dragged(event.pos()):
            self._draw()

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Give a point or an area."""
        begun, self._pressed = self._pressed, None
        self._hide()
        if begun is None or event.button() not in (LEFT, RIGHT):
            return
        outline = self._outline()
        if outline is not None and any(is_drag(begun, at) for at in self._path):
            self.area.emit(outline, self._label)
        else:
            self._give_point(begun, self._label)

    def _outline(self) -> Optional[QgsGeometry]:
        """Return the area inside what was drawn, None where it has none."""
        if len(self._path) < 3:
            return None
        area = QgsGeometry.fromPolygonXY([self._corners()])
        valid = area.makeValid() if not area.isGeosValid() else area
        parts = [part for part in valid.asGeometryCollection() if part.type() == POLYGON]
        return QgsGeometry.collectGeometry(parts) if parts else None

    def _corners(self) -> List[QgsPointXY]:
        return [self._map(at) for at in (*self._path, self._path[0])]

    def _draw(self) -> None:
        if self._band is None:
            self._band: Optional[QgsRubberBand] = make_band(self.canvas(), LIGHT if self._label else NEGATIVE)
        self._band.setToGeometry(QgsGeometry.fromPolygonXY([self._corners()]), None)
