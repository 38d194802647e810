"""An area drawn around on the map with a free hand, which stays shown."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsReferencedGeometry
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from .area_input import AreaInput
from .example_tool import ExampleTool


class OutlineInput(AreaInput):
    """`drawn` carries a QgsReferencedGeometry."""

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(canvas, ExampleTool(canvas, lambda _command: False), parent)
        self.tool.area.connect(self._on_area)

    def show(self, outline: Optional[QgsReferencedGeometry]) -> None:
        """Show an outline that was drawn; None hides it."""
        if outline is None:
            self._overlay.set_hover(None, QgsCoordinateReferenceSystem())
        else:
            self._overlay.set_hover(QgsGeometry(outline), outline.crs())

    def _on_area(self, area: QgsGeometry, _label: int) -> None:
        self._finish(QgsReferencedGeometry(area, self._canvas.mapSettings().destinationCrs()))
