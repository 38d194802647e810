"""The newest answer over the map: what it says stays, how it is shown follows threshold, opacity and colours."""

from __future__ import annotations

from typing import Dict, List, Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ...backend.protocol.asks import ClassesAnswer, HeatAnswer
from ..client.calls import Pictured
from ..gis.category_style import distinct
from ..gis.overlay_image import STEPS, Table, class_table, heat_table, picture
from ..map_tools.picture_item import PictureItem
from .viewing import rectangle_of


class AnswerOverlay(QObject):
    """`changed` fires when what is shown, or from which score on, is another."""

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._item = PictureItem(canvas)
        self._answer: Optional[Pictured] = None
        self._crs = QgsCoordinateReferenceSystem()
        self._colours: Dict[str, QColor] = {}
        self._least: Optional[float] = None
        self._opacity, self._visible = 0.7, True

    @property
    def heat(self) -> Optional[HeatAnswer]:
        """Return what the heat map says, None where none is there."""
        answer = None if self._answer is None else self._answer.answer
        return answer if isinstance(answer, HeatAnswer) else None

    @property
    def classes(self) -> Optional[ClassesAnswer]:
        """Return what the class map says, None where none is there."""
        answer = None if self._answer is None else self._answer.answer
        return answer if isinstance(answer, ClassesAnswer) else None

    @property
    def automatic(self) -> bool:
        """Return whether the threshold is the answer's own."""
        return self._least is None

    @property
    def threshold(self) -> float:
        """Return the score from which on places are shown."""
        heat = self.heat
        own = 0.0 if heat is None else heat.threshold
        return own if self._least is None else self._least

    @property
    def byte(self) -> int:
        """Return the byte of the threshold."""
        heat = self.heat
        if heat is None or heat.high <= heat.low:
            return 0
        share = (self.threshold - heat.low) / (heat.high - heat.low)
        return max(0, min(STEPS, round(STEPS * share)))

    def set_byte(self, byte: Optional[int]) -> None:
        """Show places from this byte on; None follows the answers' own threshold."""
        heat = self.heat
        if byte is None or heat is None:
            self._least = None
        else:
            self._least = heat.low + (heat.high - heat.low) * byte / STEPS
        self._draw()

    def set_opacity(self, opacity: float) -> None:
        """Show the answer more or less opaque, 0 to 1."""
        self._opacity = opacity
        self._draw()

    def set_visible(self, visible: bool) -> None:
        """Show the answer, or not; it stays the same one."""
        self._visible = visible
        self._draw()

    def set_colours(self, colours: Dict[str, QColor]) -> None:
        """Show classes in these colours by name."""
        self._colours = dict(colours)
        self._draw()

    def show(self, answer: Pictured, crs: QgsCoordinateReferenceSystem) -> None:
        """Show an answer about places in `crs` in place of the one before."""
        self._answer, self._crs = answer, crs
        self._draw()

    def clear(self) -> None:
        """Show nothing."""
        if self._answer is not None:
            self._answer = None
            self._draw()

    def class_colours(self) -> List[QColor]:
        """Return the colour of each class of the answer; those nobody gave one have one of their own."""
        names = () if self.classes is None else self.classes.names
        return [self._colours.get(name, shade) for name, shade in zip(names, distinct(len(names)))]

    def close(self) -> None:
        """Take it off the map for good."""
        self._item.close()

    def _draw(self) -> None:
        if self._answer is None or not self._visible:
            self._item.set_picture(None, QgsRectangle(), QgsCoordinateReferenceSystem())
        else:
            said = self._answer.answer
            image = picture(self._answer.pixels, said.columns, said.rows, self._table())
            self._item.set_picture(image, rectangle_of(said.extent), self._crs, smooth=self.heat is not None)
        self.changed.emit()

    def _table(self) -> Table:
        if self.heat is not None:
            return heat_table(self.byte, self._opacity)
        return class_table(self.class_colours(), self._opacity)
