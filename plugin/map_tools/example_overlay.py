"""Examples over the map: a marker a click, an outline an area, each in the colour of what it is an example of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QColor

from ..gis.compat import POINT, POLYGON
from ..gis.styles import DARK

ICONS = QgsVertexMarker.IconType
PLUS, CROSS = ICONS.ICON_CROSS, ICONS.ICON_X
"""What is wanted, and what is not: told apart without colour too."""
DISC, SIGN = 14, 8
FAINT = 40


@dataclass(frozen=True)
class Mark:
    """A geometry of `crs` and how it is shown."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem
    colour: QColor
    wanted: bool = True


class ExampleOverlay(QObject):
    """Shows marks; placed anew when the map's CRS changes."""

    def __init__(self, canvas: QgsMapCanvas, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._marks: Sequence[Mark] = ()
        self._items: List[QgsMapCanvasItem] = []
        canvas.destinationCrsChanged.connect(self._place)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these and no others."""
        self._marks = tuple(marks)
        self._place()

    def close(self) -> None:
        """Take everything off the canvas for good."""
        self._canvas.destinationCrsChanged.disconnect(self._place)
        self._clear()

    def _clear(self) -> None:
        for item in self._items:
            self._canvas.scene().removeItem(item)
        self._items = []

    def _place(self) -> None:
        self._clear()
        for mark in self._marks:
            there = self._on_map(mark)
            if there is None:
                continue
            if there.type() == POINT:
                for vertex in there.vertices():
                    self._items += self._markers(QgsPointXY(vertex), mark)
            else:
                self._items.append(self._band(there, mark))

    def _on_map(self, mark: Mark) -> Optional[QgsGeometry]:
        """Return a copy in the map's CRS, None where the map cannot show that place."""
        placed, destination = QgsGeometry(mark.geometry), self._canvas.mapSettings().destinationCrs()
        try:
            placed.transform(QgsCoordinateTransform(mark.crs, destination, QgsProject.instance().transformContext()))
        except QgsCsException:
            return None
        return placed

    def _markers(self, at: QgsPointXY, mark: Mark) -> List[QgsVertexMarker]:
        disc, sign = QgsVertexMarker(self._canvas), QgsVertexMarker(self._canvas)
        for marker, icon, size in ((disc, ICONS.ICON_CIRCLE, DISC), (sign, PLUS if mark.wanted else CROSS, SIGN)):
            marker.setIconType(icon)
            marker.setIconSize(size)
            marker.setColor(mark.colour)
            marker.setPenWidth(2)
            marker.setCenter(at)
        disc.setFillColor(DARK)
        return [disc, sign]

    def _band(self, there: QgsGeometry, mark: Mark) -> QgsRubberBand:
        band, inside = QgsRubberBand(self._canvas, POLYGON), QColor(mark.colour)
        inside.setAlpha(FAINT)
        band.setStrokeColor(mark.colour)
        band.setSecondaryStrokeColor(DARK)
        band.setFillColor(inside)
        band.setWidth(2)
        band.setToGeometry(there, None)
        return band
