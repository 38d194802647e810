"""Which cells of a grid a point or a polygon shows."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from backend.geo.raster import Grid

Cells = NDArray[np.int64]
MOST_CELLS = 100
"""Vectors taken from one polygon: neighbours are alike, and a large polygon must not drown the others."""
FINEST = 1_000_000
"""Cells of a polygon's box that are looked at; of a larger one every second or third is."""


def cells_of(shape: BaseGeometry, grid: Grid) -> Cells:
    """Return (n, 2), column and row, of the cells that `shape` (in the CRS of `grid`) shows; none outside the grid.

    A point shows the cell it is in. A polygon shows the cells whose centres it holds, evenly thinned to a hundred,
    or the one around a point inside where it holds no centre.
    """
    to_cells = np.array((~grid.transform)[:6]).reshape(2, 3)
    moved = shapely.transform(shape, lambda xy: xy @ to_cells[:, :2].T + to_cells[:, 2])
    found = _of_points(moved) if moved.geom_type in ("Point", "MultiPoint") else _of_polygon(moved, grid)
    inside = (found >= 0).all(1) & (found[:, 0] < grid.width) & (found[:, 1] < grid.height)
    return found[inside]


def _of_points(moved: BaseGeometry) -> Cells:
    return np.floor(shapely.get_coordinates(moved)).astype(np.int64)


def _of_polygon(moved: BaseGeometry, grid: Grid) -> Cells:
    part = moved.intersection(shapely.box(0, 0, grid.width, grid.height))
    if part.is_empty:
        return np.empty((0, 2), np.int64)
    x0, y0, x1, y1 = part.bounds
    left, top = math.floor(x0), math.floor(y0)
    width, height = math.ceil(x1) - left, math.ceil(y1) - top
    step = max(1, math.ceil(math.sqrt(width * height / FINEST)))
    # a lattice pixel's centre is the centre of the cell in its middle where `step` is odd
    step += 1 - step % 2
    shape = -(-height // step), -(-width // step)
    placed = shapely.transform(moved, lambda xy: (xy - (left, top)) / step)
    rows, columns = np.nonzero(rasterize([placed], out_shape=shape, dtype="uint8"))
    if not len(rows):
        return _of_points(part.representative_point())
    kept = np.linspace(0, len(rows) - 1, min(len(rows), MOST_CELLS)).round().astype(np.int64)
    return np.stack([left + columns[kept] * step + step // 2, top + rows[kept] * step + step // 2], 1)
