"""Prompts and previews over the map: kept in the CRS they were given in, placed anew when the map's changes."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor

from ..gis.compat import POLYGON
from ..gis.styles import DARK, FILL, HOVER, LIGHT, NEGATIVE

Points = Sequence[Tuple[QgsPointXY, int]]
_EMPTY = QColor(0, 0, 0, 0)


class PromptOverlay(QObject):
    """Markers of points, the box, the dashed outline under the pointer and the solid one of the object so far."""

    def __init__(self, canvas: QgsMapCanvas, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._points: Points = ()
        self._box: Optional[QgsRectangle] = None
        self._crs = QgsCoordinateReferenceSystem()
        self._outlines = {"hover": (None, self._crs), "decided": (None, self._crs)}
        self._prompt_items: List[QgsMapCanvasItem] = []
        self._bands = {"hover": _band(canvas, HOVER, _EMPTY, 2), "decided": _band(canvas, LIGHT, FILL, 3)}
        self._bands["hover"].setLineStyle(Qt.PenStyle.DashLine)
        self._canvas.destinationCrsChanged.connect(self._place_all)

    def set_prompts(self, points: Points, box: Optional[QgsRectangle], crs: QgsCoordinateReferenceSystem) -> None:
        """Show points (label 1 belongs, 0 does not) and a box, all in `crs`."""
        self._points, self._box, self._crs = tuple(points), box, crs
        self._place_prompts()

    def set_hover(self, geometry: Optional[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> None:
        """Show what a click here would give, dashed; None hides it."""
        self._set_outline("hover", geometry, crs)

    def set_decided(self, geometry: Optional[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> None:
        """Show the object so far, solid; None hides it."""
        self._set_outline("decided", geometry, crs)

    def clear(self) -> None:
        """Show nothing."""
        nothing = QgsCoordinateReferenceSystem()
        self.set_prompts((), None, nothing)
        self.set_hover(None, nothing)
        self.set_decided(None, nothing)

    def close(self) -> None:
        """Take everything off the canvas for good."""
        self._canvas.destinationCrsChanged.disconnect(self._place_all)
        for item in [*self._prompt_items, *self._bands.values()]:
            self._canvas.scene().removeItem(item)
        self._prompt_items = []
        self._bands = {}

    def _set_outline(self, name: str, geometry: Optional[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> None:
        self._outlines[name] = (None if geometry is None else QgsGeometry(geometry), crs)
        self._place_outline(name)

    def _place_all(self) -> None:
        self._place_prompts()
        for name in self._bands:
            self._place_outline(name)

    def _place_outline(self, name: str) -> None:
        geometry, crs = self._outlines[name]
        placed = None if geometry is None else self._on_map(geometry, crs)
        if placed is None:
            self._bands[name].reset(POLYGON)
        else:
            self._bands[name].setToGeometry(placed, None)

    def _place_prompts(self) -> None:
        for item in self._prompt_items:
            self._canvas.scene().removeItem(item)
        self._prompt_items = []
        if self._box is not None:
            outline = self._on_map(QgsGeometry.fromRect(self._box), self._crs)
            if outline is not None:
                band = _band(self._canvas, LIGHT, _EMPTY, 2)
                band.setToGeometry(outline, None)
                self._prompt_items.append(band)
        for at, label in self._points:
            there = self._on_map(QgsGeometry.fromPointXY(at), self._crs)
            if there is not None:
                self._prompt_items += _markers(self._canvas, there.asPoint(), label)

    def _on_map(self, geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> Optional[QgsGeometry]:
        """Return a copy in the map's CRS, or None where the map cannot show that place."""
        placed = QgsGeometry(geometry)
        destination = self._canvas.mapSettings().destinationCrs()
        try:
            placed.transform(QgsCoordinateTransform(crs, destination, QgsProject.instance().transformContext()))
        except QgsCsException:
            return None
        return placed


def _band(canvas: QgsMapCanvas, stroke: QColor, fill: QColor, width: int) -> QgsRubberBand:
    band = QgsRubberBand(canvas, POLYGON)
    band.setStrokeColor(stroke)
    band.setSecondaryStrokeColor(DARK)
    band.setFillColor(fill)
    band.setWidth(width)
    return band


def _markers(canvas: QgsMapCanvas, at: QgsPointXY, label: int) -> List[QgsVertexMarker]:
    """Return a dark disc with a light plus (belongs) or a red cross (does not): told apart without colour too."""
    icons = QgsVertexMarker.IconType
    disc, sign = QgsVertexMarker(canvas), QgsVertexMarker(canvas)
    disc.setIconType(icons.ICON_CIRCLE)
    disc.setIconSize(14)
    disc.setColor(LIGHT if label else NEGATIVE)
    disc.setFillColor(DARK)
    sign.setIconType(icons.ICON_CROSS if label else icons.ICON_X)
    sign.setIconSize(8)
    sign.setColor(LIGHT if label else NEGATIVE)
    for marker in (disc, sign):
        marker.setPenWidth(2)
        marker.setCenter(at)
    return [disc, sign]
