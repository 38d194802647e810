"""Coordinates of the map to those of a source and back."""

from __future__ import annotations

from typing import Iterable, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsLineString,
    QgsMultiPolygon,
    QgsPointXY,
    QgsPolygon,
    QgsRectangle,
)

from ...backend.protocol.prompts import Box, Point, Prompts
from ...backend.protocol.sessions import Polygon, Ring
from .refused import Refused, tr
from .source import Frame


class SourceTransform:
    """Between the map's CRS and a source's frame. A side without a CRS is taken to share the other's, as QGIS does."""

    def __init__(
        self, frame: Frame, map_crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext
    ) -> None:
        self.frame = frame
        self.map_crs = map_crs
        self._to_source = QgsCoordinateTransform(map_crs, frame.crs, context)

    def point(self, at: QgsPointXY, label: int = 1) -> Point:
        """Return a map position as a prompt."""
        try:
            there = self._to_source.transform(at)
        except QgsCsException as error:
            raise _unplaceable() from error
        return Point(there.x(), self._y(there.y()), label)

    def layer_point(self, at: QgsPointXY) -> QgsPointXY:
        """Return a map position in the layer's CRS, as QGIS shows the layer."""
        try:
            return self._to_source.transform(at)
        except QgsCsException as error:
            raise _unplaceable() from error

    def units_per_pixel(self, at: QgsPointXY, map_units_per_pixel: float) -> float:
        """Return how many of the layer's units a pixel of the canvas spans around a map position."""
        here = self.layer_point(at)
        there = self.layer_point(QgsPointXY(at.x() + map_units_per_pixel, at.y()))
        return here.distance(there)

    def shown(self, prompts: Prompts) -> Tuple[List[Tuple[QgsPointXY, int]], Optional[QgsRectangle]]:
        """Return points and box in the layer's CRS, as QGIS shows the layer."""
        points = [(QgsPointXY(point.x, self._y(point.y)), point.label) for point in prompts.points]
        box = prompts.box
        return points, box and QgsRectangle(box.x0, self._y(box.y0), box.x1, self._y(box.y1))

    def box(self, rectangle: QgsRectangle) -> Box:
        """Return the smallest box of the source that holds a rectangle of the map."""
        try:
            there = self._to_source.transformBoundingBox(rectangle)
        except QgsCsException as error:
            raise _unplaceable() from error
        ys = sorted((self._y(there.yMinimum()), self._y(there.yMaximum())))
        return Box(there.xMinimum(), ys[0], there.xMaximum(), ys[1])

    def prompts(
        self,
        points: Iterable[Tuple[QgsPointXY, int]],
        rectangle: Optional[QgsRectangle] = None,
        name: str = "1",
    ) -> Prompts:
        """Return the prompts of one object, all in the source's frame."""
        return Prompts(
            id=name,
            points=tuple(self.point(at, label) for at, label in points),
            box=None if rectangle is None else self.box(rectangle),
            pixel=self.frame.pixel,
        )

    def geometry(self, polygons: Sequence[Polygon]) -> QgsGeometry:
        """Return an answer's polygons as one geometry in the layer's CRS (as QGIS shows the layer)."""
        whole = QgsMultiPolygon()
        for shell, *holes in polygons:
            part = QgsPolygon()
            part.setExteriorRing(self._line(shell))
            for hole in holes:
                part.addInteriorRing(self._line(hole))
            whole.addGeometry(part)
        return QgsGeometry(whole)

    def _line(self, ring: Ring) -> QgsLineString:
        """Return a ring as a line; made of two lists, since ten thousand points one by one stop QGIS for 20 ms."""
        xs, ys = zip(*ring)
        return QgsLineString(xs, [-y for y in ys] if self.frame.pixel else ys)

    def _y(self, y: float) -> float:
        return -y if self.frame.pixel else y


def _unplaceable() -> Refused:
    return Refused(
        tr("This place cannot be expressed in the image's coordinate system; check the CRS of map and layer.")
    )
