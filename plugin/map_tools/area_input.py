"""An area drawn on the map with a tool, which stays shown: what rectangles and outlines share."""

from __future__ import annotations

from typing import Union

from qgis.core import QgsReferencedGeometry, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .overlay import PromptOverlay
from .prompt_tool import PromptTool


class AreaInput(QObject):
    """`drawn` with the referenced area ends the drawing; `active(bool)` follows whether the map takes one."""

    drawn = pyqtSignal(object)
    active = pyqtSignal(bool)

    def __init__(self, canvas: QgsMapCanvas, tool: PromptTool, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self.tool = canvas, tool
        self._overlay = PromptOverlay(canvas, self)
        self.tool.activated.connect(self._on_activated)
        self.tool.deactivated.connect(self._on_deactivated)

    def use(self, on: bool) -> None:
        """Let the map take an area, or no longer."""
        if on and self._canvas.mapTool() is not self.tool:
            self._canvas.setMapTool(self.tool)
        elif not on and self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)

    def close(self) -> None:
        """Take tool and area off the map."""
        self.blockSignals(True)
        self.use(False)
        self._overlay.close()

    def _on_activated(self) -> None:
        self.active.emit(True)

    def _on_deactivated(self) -> None:
        self.active.emit(False)

    def _finish(self, area: Union[QgsReferencedRectangle, QgsReferencedGeometry]) -> None:
        self.drawn.emit(area)
        self.use(False)
