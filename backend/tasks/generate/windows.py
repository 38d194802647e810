"""Windows without end: each half over its neighbours, of each the middle kept (MetaEarth, arXiv:2405.13570)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.geo.raster import Window

SIDE = 256
MIDDLE = SIDE // 2
EDGE = SIDE // 4


@dataclass(frozen=True)
class Patch:
    """A window of the result and what of it is kept; columns and rows are absolute and may be negative.

    Attributes:
        col, row: of the window, which is `SIDE` wide.
        kept: what of it the result takes.
    """

    col: int
    row: int
    kept: Window

    @property
    def within(self) -> tuple[slice, slice]:
        """Return what of it is kept as rows and columns of its own."""
        top, left = self.kept.row - self.row, self.kept.col - self.col
        return slice(top, top + self.kept.height), slice(left, left + self.kept.width)


def patches(area: Window) -> Iterator[Patch]:
    """Yield the windows whose middles cover `area`, row by row: they lie on one lattice for all results of a grid."""
    right, bottom = area.col + area.width, area.row + area.height
    for row in range(area.row // MIDDLE * MIDDLE, bottom, MIDDLE):
        for col in range(area.col // MIDDLE * MIDDLE, right, MIDDLE):
            x0, y0 = max(col, area.col), max(row, area.row)
            x1, y1 = min(col + MIDDLE, right), min(row + MIDDLE, bottom)
            yield Patch(col - EDGE, row - EDGE, Window(x0, y0, x1 - x0, y1 - y0))
