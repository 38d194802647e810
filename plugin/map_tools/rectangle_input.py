"""A rectangle drawn on the map, which stays shown."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from .area_input import AreaInput
from .prompt_tool import PromptTool


class RectangleInput(AreaInput):
    """`drawn` carries a QgsReferencedRectangle."""

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(canvas, PromptTool(canvas, lambda _command: False), parent)
        self.tool.box.connect(self._on_box)

    def show(self, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Show a rectangle that was drawn; None hides it."""
        box = None if rectangle is None else QgsRectangle(rectangle)
        self._overlay.set_prompts((), box, QgsCoordinateReferenceSystem() if rectangle is None else rectangle.crs())

    def _on_box(self, box: QgsRectangle) -> None:
        self._finish(QgsReferencedRectangle(box, self._canvas.mapSettings().destinationCrs()))
