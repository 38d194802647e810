"""A rectangle drawn on the map, which stays shown."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .overlay import PromptOverlay
from .prompt_tool import PromptTool


class RectangleInput(QObject):
    """`drawn(QgsReferencedRectangle)` ends the drawing; `active(bool)` follows whether the map takes one."""

    drawn = pyqtSignal(object)
    active = pyqtSignal(bool)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._overlay = PromptOverlay(canvas, self)
        self.tool = PromptTool(canvas, lambda _command: False)
        self.tool.activated.connect(lambda: self.active.emit(True))
        self.tool.deactivated.connect(lambda: self.active.emit(False))
        self.tool.box.connect(self._on_box)

    def use(self, on: bool) -> None:
        """Let the map take a rectangle, or no longer."""
        if on and self._canvas.mapTool() is not self.tool:
            self._canvas.setMapTool(self.tool)
        elif not on and self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)

    def show(self, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Show a rectangle that was drawn; None hides it."""
        box = None if rectangle is None else QgsRectangle(rectangle)
        self._overlay.set_prompts((), box, QgsCoordinateReferenceSystem() if rectangle is None else rectangle.crs())

    def close(self) -> None:
        """Take tool and rectangle off the map."""
        self.blockSignals(True)
        self.use(False)
        self._overlay.close()

    def _on_box(self, box: QgsRectangle) -> None:
        self.drawn.emit(QgsReferencedRectangle(box, self._canvas.mapSettings().destinationCrs()))
        self.use(False)
