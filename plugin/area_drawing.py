"""A page's picker of areas and the map: one keeps what the other draws, the other shows what one has picked."""

from __future__ import annotations

from typing import Dict

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from .gui.area_picker import OUTLINE, RECTANGLE, AreaPicker
from .map_tools.area_input import AreaInput
from .map_tools.outline_input import OutlineInput
from .map_tools.rectangle_input import RectangleInput


class AreaDrawing(QObject):
    """`inputs` are what the map draws with, by the kinds of area that the picker offers."""

    def __init__(self, canvas: QgsMapCanvas, picker: AreaPicker, parent: QObject) -> None:
        super().__init__(parent)
        self._picker = picker
        self.inputs: Dict[str, AreaInput] = {}
        for kind, make, keep in (
            (RECTANGLE, RectangleInput, picker.set_rectangle),
            (OUTLINE, OutlineInput, picker.set_outline),
        ):
            if picker.offers(kind):
                self.inputs[kind] = made = make(canvas, self)
                made.drawn.connect(keep)
                made.active.connect(picker.set_drawing)
        picker.draw_toggled.connect(self.use)
        picker.changed.connect(self._show)

    def use(self, on: bool) -> None:
        """Let the map take what the picked kind is drawn with, or nothing."""
        picked = self._picker.choice().kind
        for kind, one in self.inputs.items():
            if not on or kind == picked:
                one.use(on)

    def close(self) -> None:
        """Take tools and areas off the map."""
        for one in self.inputs.values():
            one.close()

    def _show(self) -> None:
        choice = self._picker.choice()
        shapes = {RECTANGLE: choice.rectangle, OUTLINE: choice.outline}
        for kind, one in self.inputs.items():
            one.show(shapes[kind])
