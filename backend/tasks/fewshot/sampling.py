"""The vectors that a click or a polygon shows, of a field or of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.geo.raster import Window
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable

from .cells import Cells, cells_of

Floats = NDArray[np.float32]
BLOCK = 256
"""Cells a side that are read together."""
KEPT = 10_000
"""Shapes whose vectors are remembered."""


class Sampler:
    """Finds vectors of shapes in the CRS of `vectors`, and remembers them. Not thread-safe."""

    def __init__(self, vectors: VectorField | VectorTable) -> None:
        self.vectors = vectors
        self._known: dict[bytes, Floats] = {}

    def at(self, shape: BaseGeometry) -> Floats:
        """Return (n, width), none where `shape` lies outside or on no data. Raises as `VectorField.read`."""
        key = shapely.to_wkb(shape)
        if key not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = _sampled(self.vectors, shape)
        return self._known[key]


def _sampled(vectors: VectorField | VectorTable, shape: BaseGeometry) -> Floats:
    if isinstance(vectors, VectorTable):
        return vectors.vectors[rows_of(shape, vectors)]
    found = read_cells(vectors, cells_of(shape, vectors.grid))
    return found[~np.isnan(found).any(1)]


def read_cells(field: VectorField, cells: Cells) -> Floats:
    """Return the vectors (n, width) of `cells` (n, 2), in their order; NaN where there is no data."""
    found = np.full((len(cells), field.identity.width), np.nan, np.float32)
    blocks = np.unique(cells // BLOCK, axis=0, return_inverse=True)[1].ravel()
    for block in range(blocks.max() + 1 if len(cells) else 0):
        here = np.flatnonzero(blocks == block)
        (left, top), (right, bottom) = cells[here].min(0), cells[here].max(0) + 1
        read = field.read(Window(int(left), int(top), int(right - left), int(bottom - top)))
        found[here] = read[:, cells[here, 1] - top, cells[here, 0] - left].T
    return found


def rows_of(shape: BaseGeometry, table: VectorTable) -> NDArray[np.int64]:
    """Return the rows that `shape` shows: those whose centre a polygon holds; for a point, the nearest chip around it.

    Of a table of points it is the nearest, if it is no farther than points are from each other on average.
    """
    places: Any = table.geometries
    if shape.geom_type not in ("Point", "MultiPoint"):
        return np.flatnonzero(shapely.contains_xy(shape, table.centres))
    around = np.flatnonzero(shapely.intersects(places, shape))
    if not len(around):
        x0, y0, x1, y1 = shapely.total_bounds(places)
        reach = np.sqrt(max(x1 - x0, 1e-12) * max(y1 - y0, 1e-12) / max(len(places), 1))
        around = np.flatnonzero((shapely.get_type_id(places) == 0) & shapely.dwithin(places, shape, reach))
    distance = shapely.distance(shapely.centroid(places[around]), shape)
    return around[np.argsort(distance, kind="stable")[:1]]
