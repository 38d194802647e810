"""An area drawn on the map with a tool, which stays shown: what rectangles and outlines share."""

from __future__ import annotations

from typing import Union

from qgis.core import QgsReferencedGeometry, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .overlay import PromptOverlay
from .prompt_tool import PromptTool
from .tool_input import ToolInput


class AreaInput(ToolInput):
    """`drawn` with the referenced area ends the drawing."""

    drawn = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, tool: PromptTool, parent: QObject) -> None:
        super().__init__(canvas, tool, parent)
        self._overlay = PromptOverlay(canvas, self)

    def close(self) -> None:
        """Take tool and area off the map."""
        super().close()
        self._overlay.close()

    def _finish(self, area: Union[QgsReferencedRectangle, QgsReferencedGeometry]) -> None:
        self.drawn.emit(area)
        self.use(False)
