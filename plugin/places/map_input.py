"""What the map gives the Places page: a place that is clicked, and a rectangle, which stays drawn."""

from __future__ import annotations

from typing import Dict, Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..map_tools.overlay import PromptOverlay
from ..map_tools.prompt_tool import PromptTool

AREA, PLACE = "area", "place"


class PlacesInput(QObject):
    """`picked(QgsPointXY)` is a click, `drawn(QgsReferencedRectangle)` a rectangle; `active(name, bool)` the tools."""

    picked = pyqtSignal(object)
    drawn = pyqtSignal(object)
    active = pyqtSignal(str, bool)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._tools: Dict[str, PromptTool] = {name: self._tool(name) for name in (AREA, PLACE)}
        self._overlay = PromptOverlay(canvas, self)
        self._tools[PLACE].point.connect(lambda at, _label: self.picked.emit(at))
        self._tools[AREA].box.connect(self._on_box)

    def use(self, name: str, on: bool) -> None:
        """Switch a tool on or off."""
        tool = self._tools[name]
        if on and self._canvas.mapTool() is not tool:
            self._canvas.setMapTool(tool)
        elif not on and self._canvas.mapTool() is tool:
            self._canvas.unsetMapTool(tool)

    def show(self, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Show a rectangle that was drawn; None hides it."""
        if rectangle is not None:
            self._overlay.set_prompts((), QgsRectangle(rectangle), rectangle.crs())
        else:
            self._overlay.set_prompts((), None, QgsCoordinateReferenceSystem())

    def release(self) -> None:
        """Switch the tools off."""
        for name in self._tools:
            self.use(name, False)

    def close(self) -> None:
        """Take tools and rectangle off the map."""
        self.blockSignals(True)
        self.release()
        self._overlay.close()

    def _tool(self, name: str) -> PromptTool:
        tool = PromptTool(self._canvas, lambda _command: False)
        tool.activated.connect(lambda: self.active.emit(name, True))
        tool.deactivated.connect(lambda: self.active.emit(name, False))
        return tool

    def _on_box(self, box: QgsRectangle) -> None:
        self.drawn.emit(QgsReferencedRectangle(box, self._canvas.mapSettings().destinationCrs()))
        self.use(AREA, False)
