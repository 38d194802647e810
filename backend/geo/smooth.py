"""Staircase outlines to lines that please the eye and stay within about half a pixel of the mask."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

AREA_CHANGE = 0.1
"""A smoothed outline may gain or lose this part of its area."""
SMALL = 4.0
"""Shapes below this many cells keep their edges: cutting would leave nothing."""

Ring = NDArray[np.float64]


def smooth(polygon: shapely.Polygon, tolerance: float) -> shapely.Polygon:
    """Return `polygon`, whose edges run along cell edges, with its stairs cut and then simplified by `tolerance` cells.

    Where the result would cross itself, or change in size, less is done: no simplification, at last `polygon` itself.
    """
    if polygon.area < SMALL:
        return polygon
    cut = shapely.Polygon(_cut_stairs(polygon.exterior), [_cut_stairs(ring) for ring in polygon.interiors])
    for outline in (cut.simplify(tolerance, preserve_topology=True), cut):
        if isinstance(outline, shapely.Polygon) and outline.is_valid and _same_size(outline, polygon):
            return outline
    return polygon


def _same_size(outline: shapely.Polygon, exact: shapely.Polygon) -> bool:
    return bool(abs(outline.area - exact.area) <= AREA_CHANGE * exact.area)


def _cut_stairs(ring: shapely.LinearRing) -> Ring:
    """Return the ring through the middles of its unit edges, averaged once more: corners give way by under half a cell.

    Neighbouring middles are joined within the one cell corner they share, so the ring cannot cross itself or another.
    """
    middles = _middles(shapely.get_coordinates(shapely.segmentize(ring, 1.0))[:-1])
    return _close(_middles(middles) if len(middles) > 8 else middles)


def _middles(points: Ring) -> Ring:
    return (points + np.roll(points, -1, axis=0)) / 2


def _close(points: Ring) -> Ring:
    return np.vstack([points, points[:1]])
