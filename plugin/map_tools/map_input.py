"""What the map gives a page: rectangles, which stay drawn, and clicks."""

from __future__ import annotations

from typing import Dict, Optional, Sequence

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .overlay import PromptOverlay
from .prompt_tool import PromptTool


class MapInput(QObject):
    """A tool for each name; `active(name, bool)` follows which one the map uses.

    `drawn(name, QgsReferencedRectangle)` ends the drawing; `picked(QgsPointXY)` is a click with the tool for clicks.
    """

    drawn = pyqtSignal(str, object)
    picked = pyqtSignal(object)
    active = pyqtSignal(str, bool)

    def __init__(self, canvas: QgsMapCanvas, rectangles: Sequence[str], clicks: str, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._tools: Dict[str, PromptTool] = {name: self._tool(name) for name in (*rectangles, clicks)}
        self._overlays = {name: PromptOverlay(canvas, self) for name in rectangles}
        for name in rectangles:
            self._tools[name].box.connect(lambda box, name=name: self._on_box(name, box))
        self._tools[clicks].point.connect(lambda at, _label: self.picked.emit(at))

    def tool(self, name: str) -> PromptTool:
        """Return one of the tools."""
        return self._tools[name]

    def use(self, name: str, on: bool) -> None:
        """Switch a tool on or off."""
        tool = self._tools[name]
        if on and self._canvas.mapTool() is not tool:
            self._canvas.setMapTool(tool)
        elif not on and self._canvas.mapTool() is tool:
            self._canvas.unsetMapTool(tool)

    def show(self, name: str, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Show a rectangle that was drawn; None hides it."""
        if rectangle is not None:
            self._overlays[name].set_prompts((), QgsRectangle(rectangle), rectangle.crs())
        else:
            self._overlays[name].set_prompts((), None, QgsCoordinateReferenceSystem())

    def release(self) -> None:
        """Switch the tools off."""
        for name in self._tools:
            self.use(name, False)

    def close(self) -> None:
        """Take tools and rectangles off the map."""
        self.blockSignals(True)
        self.release()
        for overlay in self._overlays.values():
            overlay.close()

    def _tool(self, name: str) -> PromptTool:
        tool = PromptTool(self._canvas, lambda _command: False)
        tool.activated.connect(lambda: self.active.emit(name, True))
        tool.deactivated.connect(lambda: self.active.emit(name, False))
        return tool

    def _on_box(self, name: str, box: QgsRectangle) -> None:
        self.drawn.emit(name, QgsReferencedRectangle(box, self._canvas.mapSettings().destinationCrs()))
        self.use(name, False)
