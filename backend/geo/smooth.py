"""Staircase outlines to lines that please the eye and stay within about half a pixel of the mask."""

from __future__ import annotations

from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

AREA_CHANGE = 0.1
"""A smoothed outline may gain or lose this part of its area."""
SMALL = 4.0
"""Shapes below this many cells keep their edges: cutting would leave nothing."""
CORNER = 0.5
"""How much of a true corner's edges is cut off, in cells."""

Ring = NDArray[np.float64]


def smooth(polygon: shapely.Polygon, tolerance: float) -> shapely.Polygon:
    """Return `polygon`, whose edges run along cell edges, with its stairs made slopes, simplified by `tolerance` cells.

    Where the result would cross itself or change in size, less is done: no simplification, at last `polygon` itself.
    """
    if polygon.area < SMALL:
        return polygon
    sloped = shapely.Polygon(_sloped(polygon.exterior), [_sloped(ring) for ring in polygon.interiors])
    for topology in (False, True):  # the quick way first, which may let the line cross itself
        simple = sloped.simplify(tolerance, preserve_topology=topology)
        if _good(simple, polygon):
            return cast(shapely.Polygon, simple)
    return sloped if _good(sloped, polygon) else polygon


def _good(outline: BaseGeometry, exact: shapely.Polygon) -> bool:
    whole = isinstance(outline, shapely.Polygon) and len(outline.interiors) == len(exact.interiors)
    return whole and outline.is_valid and _same_size(outline, exact)


def _same_size(outline: BaseGeometry, exact: shapely.Polygon) -> bool:
    return bool(abs(outline.area - exact.area) <= AREA_CHANGE * exact.area)


def _sloped(ring: shapely.LinearRing) -> Ring:
    """Return `ring` with every step of one cell, up or down, taken from the middle of the run before to that after.

    Such a slope stays within half a cell of the stairs. Other corners are true ones and lose only their tips.
    """
    corners = _without_straight(shapely.get_coordinates(ring)[:-1])
    edges = np.roll(corners, -1, axis=0) - corners
    lengths = np.abs(edges).sum(axis=1)
    turns = np.sign(_cross(np.roll(edges, 1, axis=0), edges))  # at the start of each edge
    steps = (lengths <= 1) & (turns * np.roll(turns, -1) < 0)  # an edge of one cell between opposite turns
    stairs = steps | np.roll(steps, 1)  # corners that begin or end a step
    cut = np.where(stairs, lengths / 2, np.minimum(lengths / 2, CORNER))
    cut_end = np.where(np.roll(stairs, -1), lengths / 2, np.minimum(lengths / 2, CORNER))
    ways = edges / lengths[:, None]
    points = np.stack([corners + ways * cut[:, None], corners + ways * (lengths - cut_end)[:, None]], axis=1)
    return np.vstack([points.reshape(-1, 2), points[0, :1]])


def _without_straight(points: Ring) -> Ring:
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    return np.asarray(points[_cross(before, after) != 0])


def _cross(a: Ring, b: Ring) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
