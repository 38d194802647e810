"""Chips or points, asked about while a person clicks: which row covers a pixel of a view is kept for the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize

from backend.protocol.asks import NO_DATA, View
from backend.tasks.vectors.table import VectorTable

from .pictures import Picture, nothing
from .shown_table import ShownTable
from .tiles import Values

POINT = 7
"""Pixels of the view a side of the square that stands for a point."""


class LiveTable:
    """A table and the last view of it."""

    def __init__(self, table: VectorTable) -> None:
        """Raises as `ShownTable`."""
        self.vectors = table
        self.shown = ShownTable(table)
        self._last: tuple[View, NDArray[np.int64], NDArray[np.int32]] | None = None

    def draw(self, view: View, values: Values, on_step: Callable[[], None]) -> Picture:
        """Return the byte that `values` gives the row at each pixel of the view."""
        on_step()
        if self._last is None or self._last[0] != view:
            self._last = (view, *self._covered(view))
        _, rows, places = self._last
        if not len(rows):
            return nothing(view)
        vectors = self.vectors.vectors[rows]
        known = ~np.isnan(vectors).any(axis=1)
        bytes_ = np.append(np.where(known, values(np.nan_to_num(vectors)), NO_DATA), NO_DATA).astype(np.uint8)
        return Picture(bytes_[places], view.extent)

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
        points = shapely.get_dimensions(shapes) == 0
        shapes[points] = shapely.buffer(shapes[points], reach, cap_style="square")
        if not len(rows):
            return rows, np.empty((0, 0), np.int32)
        transform = Affine(across, 0, box.x0, 0, -down, box.y1)
        numbered = zip(shapes, range(len(rows)), strict=True)
        places = rasterize(
            numbered, (view.rows, view.columns), fill=len(rows), transform=transform, dtype="int32", all_touched=False
        )
        return rows, places
