"""A tool that the map takes or lets go for a page, which follows whether the map has it."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .prompt_tool import PromptTool


class ToolInput(QObject):
    """`active(bool)` follows whether the map has the tool."""

    active = pyqtSignal(bool)

    def __init__(self, canvas: QgsMapCanvas, tool: PromptTool, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self.tool = canvas, tool
        self.tool.activated.connect(self._on_activated)
        self.tool.deactivated.connect(self._on_deactivated)

    @property
    def in_use(self) -> bool:
        """Return whether the map has the tool now."""
        return self._canvas.mapTool() is self.tool

    def use(self, on: bool) -> None:
        """Give the map the tool, or take it away."""
        if on and not self.in_use:
            self._canvas.setMapTool(self.tool)
        elif not on and self.in_use:
            self._canvas.unsetMapTool(self.tool)

    def close(self) -> None:
        """Take the tool off the map."""
        self.blockSignals(True)
        self.use(False)

    def _on_activated(self) -> None:
        self.active.emit(True)

    def _on_deactivated(self) -> None:
        self.active.emit(False)
