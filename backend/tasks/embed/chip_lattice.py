"""Chips: windows of one size at equal distances, counted from the source's corner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.raster import Grid, Window
from backend.protocol import codes
from backend.tasks.ground.area import Area

from .cells import as_shown


@dataclass(frozen=True)
class ChipLattice:
    """The chips that lie whole in the source and have their centre in the area, by rows.

    Attributes:
        size: side of a chip in pixels.
        stride: from one to the next.
    """

    grid: Grid
    size: int
    stride: int
    area: Area

    def check(self, name: str) -> None:
        """Raise PARAMETER_INVALID where the source called `name` is smaller than a chip, or no chip in the area."""
        if self.size > min(self.grid.width, self.grid.height):
            detail = f"A chip of {self.size} pixels is larger than {name!r}; use a smaller one."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if not self.count:
            detail = "No chip has its centre in the area; draw a larger one, or use smaller chips."
            raise BadInput(codes.PARAMETER_INVALID, detail)

    @property
    def count(self) -> int:
        """Return how many chips there are over the area's window, those outside its polygon among them."""
        return len(self._rows) * len(self._columns)

    @property
    def beyond(self) -> tuple[int, int]:
        """Return how many columns and rows of the source's last pixels are in no chip, wherever the area lies."""
        width, height = ((side - self.size) % self.stride for side in (self.grid.width, self.grid.height))
        return width, height

    def place(self, index: int) -> tuple[int, int]:
        """Return column and row of the first pixel of a chip of `count`."""
        row, column = divmod(index, len(self._columns))
        return self._columns[column] * self.stride, self._rows[row] * self.stride

    def window(self, index: int) -> Window:
        """Return the pixels of a chip."""
        return Window(*self.place(index), self.size, self.size)

    def wanted(self, index: int) -> bool:
        """Return whether a chip's centre lies in the area."""
        column, row = self.place(index)
        polygon = self.area.polygon
        return polygon is None or bool(polygon.covers(shapely.Point(column + self.size / 2, row + self.size / 2)))

    def outlines(self, places: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return chips, given by column and row (n, 2), as polygons where QGIS shows them."""
        boxes = shapely.box(places[:, 0], places[:, 1], places[:, 0] + self.size, places[:, 1] + self.size)
        a, b, c, d, e, f = as_shown(self.grid).transform[:6]
        turn, corner = np.array([[a, d], [b, e]]), np.array([c, f])
        return np.asarray(shapely.transform(boxes, lambda xy: xy @ turn + corner), np.object_)

    @property
    def _columns(self) -> range:
        return self._range(self.area.window.col, self.area.window.width, self.grid.width)

    @property
    def _rows(self) -> range:
        return self._range(self.area.window.row, self.area.window.height, self.grid.height)

    def _range(self, start: int, length: int, side: int) -> range:
        """Return the numbers of the chips along one side whose centres lie within `length` pixels from `start`."""
        first = max(0, -(-(2 * start - self.size) // (2 * self.stride)))
        beyond = -(-(2 * (start + length) - self.size) // (2 * self.stride))
        return range(first, max(first, min(beyond, (side - self.size) // self.stride + 1)))
