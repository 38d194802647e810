"""Places clicked on the map."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .prompt_tool import PromptTool
from .tool_input import ToolInput


class ClickInput(ToolInput):
    """`picked(QgsPointXY)` is a click, in the CRS of the map."""

    picked = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(canvas, PromptTool(canvas, lambda _command: False), parent)
        self.tool.point.connect(self._on_point)

    def _on_point(self, at: QgsPointXY, _label: int) -> None:
        self.picked.emit(at)
