"""Outlines for things people built: right angles, a rectangle, a circle. Plane geometry in square cells.

`orthogonal` is our own small version of what footprint data sets do (Microsoft's and OpenStreetMap's squaring): find
the dominant direction, give each edge one of its two axes, merge, and put the corners where the edges meet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

SHORTEST, SHORTEST_PART = 2.0, 0.06
"""Edges shorter than this many cells, or this part of the shape's size, are steps of the raster, not walls."""
FINE, SIMPLIFY = 0.5, 1.4
"""Tolerances in cells: for the direction of walls, which cut corners would turn, and for the walls themselves."""
CIRCLE = 64


def rectangle(polygon: shapely.Polygon) -> shapely.Polygon:
    """Return the smallest rectangle of any direction around `polygon`."""
    return cast(shapely.Polygon, shapely.oriented_envelope(polygon))


def circle(polygon: shapely.Polygon) -> shapely.Polygon:
    """Return the circle, as 64 corners, of the same centroid and area as `polygon` without its holes."""
    outer = shapely.Polygon(polygon.exterior)
    radius = math.sqrt(2 * outer.area / (CIRCLE * math.sin(2 * math.pi / CIRCLE)))
    turns = np.arange(CIRCLE) * (2 * math.pi / CIRCLE)
    ring = np.column_stack([outer.centroid.x + radius * np.cos(turns), outer.centroid.y + radius * np.sin(turns)])
    return shapely.Polygon(ring)


def orthogonal(polygon: shapely.Polygon) -> shapely.Polygon:
    """Return `polygon` with all its corners right angles; itself where no such outline was found.

    Holes too small to be squared are left out.
    """
    outline = cast(shapely.Polygon, polygon.simplify(SIMPLIFY, preserve_topology=True))
    fine = cast(shapely.Polygon, polygon.simplify(FINE, preserve_topology=True))
    angle = dominant_angle(shapely.get_coordinates(fine.exterior))
    turned = shapely.Polygon(affinity.rotate(outline, -angle, origin=(0, 0), use_radians=True))
    shortest = max(SHORTEST, SHORTEST_PART * math.sqrt(polygon.area))
    shell = _squared(shapely.get_coordinates(turned.exterior)[:-1], shortest)
    if shell is None:
        return polygon
    holes = [_squared(shapely.get_coordinates(ring)[:-1], SHORTEST) for ring in turned.interiors]
    squared = shapely.Polygon(shell, [hole for hole in holes if hole is not None])
    if not squared.is_valid:
        squared = shapely.Polygon(shell)
    if not squared.is_valid:
        return polygon
    return shapely.Polygon(affinity.rotate(squared, angle, origin=(0, 0), use_radians=True))


def dominant_angle(ring: NDArray[np.float64]) -> float:
    """Return the direction, from -pi/4 to pi/4, most of the ring follows; right angles count as one."""
    edges = np.diff(ring, axis=0)
    weights = np.hypot(edges[:, 0], edges[:, 1]) ** 2
    quadrupled = 4 * np.arctan2(edges[:, 1], edges[:, 0])
    return math.atan2(float(weights @ np.sin(quadrupled)), float(weights @ np.cos(quadrupled))) / 4


@dataclass(frozen=True)
class _Wall:
    """A line along one axis: `across` is its place on the other axis; `start` and `end` along its own."""

    horizontal: bool
    across: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return abs(self.end - self.start)


def _squared(ring: NDArray[np.float64], shortest: float) -> list[tuple[float, float]] | None:
    walls = _merge([_wall(a, b) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)])
    while len(walls) > 4:
        lengths = [length for length, _ in _sides(walls)]
        least = int(np.argmin(lengths))
        if lengths[least] >= shortest:
            break
        walls = _merge(walls[:least] + walls[least + 1 :])
    return [corner for _, corner in _sides(walls)] if len(walls) >= 4 else None


def _wall(a: NDArray[np.float64], b: NDArray[np.float64]) -> _Wall:
    (x0, y0), (x1, y1) = a, b
    if abs(x1 - x0) >= abs(y1 - y0):
        return _Wall(True, float(y0 + y1) / 2, float(x0), float(x1))
    return _Wall(False, float(x0 + x1) / 2, float(y0), float(y1))


def _merge(walls: list[_Wall]) -> list[_Wall]:
    """Join neighbours of one axis (the last and the first are neighbours): their place is the mean by length."""
    merged: list[_Wall] = []
    for wall in walls:
        merged = [*merged[:-1], _joined(merged[-1], wall)] if _same_axis(merged, wall) else [*merged, wall]
    if len(merged) > 1 and _same_axis(merged, merged[0]):
        merged = [_joined(merged[-1], merged[0]), *merged[1:-1]]
    return merged


def _same_axis(walls: list[_Wall], wall: _Wall) -> bool:
    return bool(walls) and walls[-1].horizontal == wall.horizontal


def _joined(first: _Wall, second: _Wall) -> _Wall:
    total = first.length + second.length or 1.0
    across = (first.across * first.length + second.across * second.length) / total
    return _Wall(first.horizontal, across, first.start, second.end)


def _sides(walls: list[_Wall]) -> Iterator[tuple[float, tuple[float, float]]]:
    """Yield each wall's length between its neighbours, and the corner where it meets the next."""
    for index, wall in enumerate(walls):
        before, after = walls[index - 1], walls[(index + 1) % len(walls)]
        corner = (after.across, wall.across) if wall.horizontal else (wall.across, after.across)
        yield abs(after.across - before.across), corner
