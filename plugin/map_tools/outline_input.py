"""An area drawn around on the map with a free hand, which stays shown."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsReferencedGeometry
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .example_tool import ExampleTool
from .overlay import PromptOverlay


class OutlineInput(QObject):
    """`drawn(QgsReferencedGeometry)` ends the drawing; `active(bool)` follows whether the map takes one."""

    drawn = pyqtSignal(object)
    active = pyqtSignal(bool)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._overlay = PromptOverlay(canvas, self)
        self.tool = ExampleTool(canvas, lambda _command: False)
        self.tool.activated.connect(lambda: self.active.emit(True))
        self.tool.deactivated.connect(lambda: self.active.emit(False))
        self.tool.area.connect(self._on_area)

    def use(self, on: bool) -> None:
        """Let the map take an outline, or no longer."""
        if on and self._canvas.mapTool() is not self.tool:
            self._canvas.setMapTool(self.tool)
        elif not on and self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)

    def show(self, outline: Optional[QgsReferencedGeometry]) -> None:
        """Show an outline that was drawn; None hides it."""
        if outline is None:
            self._overlay.set_hover(None, QgsCoordinateReferenceSystem())
        else:
            self._overlay.set_hover(QgsGeometry(outline), outline.crs())

    def close(self) -> None:
        """Take tool and outline off the map."""
        self.blockSignals(True)
        self.use(False)
        self._overlay.close()

    def _on_area(self, area: QgsGeometry, _label: int) -> None:
        self.drawn.emit(QgsReferencedGeometry(area, self._canvas.mapSettings().destinationCrs()))
        self.use(False)
