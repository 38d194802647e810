"""An area as the `area` parameter of the request: coordinates of the source, not of the map."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsGeometry

from .result_file import FLIP
from .source import Frame

DIGITS = 9


def area_text(area: Optional[QgsGeometry], frame: Frame) -> str:
    """Return nothing for the whole image, four numbers for a rectangle, else WKT; rows go down where it has pixels."""
    if area is None:
        return ""
    geometry = in_source(area, frame)
    bounds = geometry.boundingBox()
    if geometry.isGeosEqual(QgsGeometry.fromRect(bounds)):
        return ",".join(repr(v) for v in (bounds.xMinimum(), bounds.yMinimum(), bounds.xMaximum(), bounds.yMaximum()))
    return str(geometry.asWkt(DIGITS))


def in_source(geometry: QgsGeometry, frame: Frame) -> QgsGeometry:
    """Return a copy of a geometry of the layer, as QGIS shows it, in the source's coordinates."""
    copy = QgsGeometry(geometry)
    if frame.pixel:
        copy.transform(FLIP)
    return copy
