"""Chips or points, asked about while a person clicks: which row covers a pixel of a view is kept for the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize

from backend.one_thread import numpy_on_one_thread
from backend.protocol.asks import NO_DATA, View
from backend.tasks.vectors.table import VectorTable

from .pictures import Picture, nothing
from .shown_table import ShownTable
from .tiles import Values

POINT, SMALLEST = 7, 2
"""Pixels of the view a side of the square that stands for a point, and of the smallest outline drawn as it is."""
BLOCK = 4096


class LiveTable:
    """A table and the last view of it."""

    def __init__(self, table: VectorTable) -> None:
        """Raises as `ShownTable`."""
        self.vectors = table
        self.shown = ShownTable(table)
        self._last: tuple[View, NDArray[np.int64], NDArray[np.int32]] | None = None

    def draw(self, view: View, values: Values, on_step: Callable[[], None]) -> Picture:
        """Return the byte that `values` gives the row at each pixel of the view."""
        if self._last is None or self._last[0] != view:
            self._last = (view, *self._covered(view))
        _, rows, places = self._last
        if not len(rows):
            return nothing(view)
        found = np.full(len(rows) + 1, NO_DATA, np.uint8)
        with numpy_on_one_thread():
            for top in range(0, len(rows), BLOCK):
                on_step()
                vectors = self.vectors.vectors[rows[top : top + BLOCK]]
                known = ~np.isnan(vectors).any(axis=1)
                found[top : top + len(vectors)][known] = values(vectors[known])
        return Picture(found[places], view.extent)

    def close(self) -> None:
        """Hold nothing but memory."""

    def _covered(self, view: View) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the rows in the view, and for each pixel the place among them of what covers it, the last: none."""
        box = view.extent
        across, down = (box.x1 - box.x0) / view.columns, (box.y1 - box.y0) / view.rows
        reach = POINT / 2 * max(across, down)
        seen = shapely.box(box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach)
        rows = np.sort(self.shown.tree.query(seen, predicate="intersects"))
        shapes = self.vectors.geometries[rows]
        if not len(rows):
            return rows, np.empty((0, 0), np.int32)
        shapes[:] = self._drawn(shapes, reach, max(across, down))
        transform = Affine(across, 0, box.x0, 0, -down, box.y1)
        numbered = zip(shapes, range(len(rows)), strict=True)
        places = rasterize(
            numbered, (view.rows, view.columns), fill=len(rows), transform=transform, dtype="int32", all_touched=False
        )
        return rows, places

    def _drawn(self, shapes: NDArray[np.object_], reach: float, pixel: float) -> NDArray[np.object_]:
        """Return points as squares and outlines that are smaller than a few pixels as such of that size."""
        west, south, east, north = shapely.bounds(shapes).T
        points = shapely.get_dimensions(shapes) == 0
        small = ~points & (np.maximum(east - west, north - south) < SMALLEST * pixel)
        half = np.where(points, reach, SMALLEST * pixel / 2)
        x, y = (west + east) / 2, (south + north) / 2
        squares = shapely.box(x - half, y - half, x + half, y + half)
        return np.where(points | small, squares, shapes)
