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
        kept: what of it the result takes, in the result's own pixels.
    """

    col: int
    row: int
    kept: Window


def patches(area: Window, origin: tuple[int, int]) -> Iterator[Patch]:
    """Yield the windows whose middles cover `area`, row by row.

    `origin` is the absolute place of the result's first pixel: windows lie on one lattice for all results of a grid.
    """
    left, top = area.col + origin[0], area.row + origin[1]
    right, bottom = left + area.width, top + area.height
    for row in range(top // MIDDLE * MIDDLE, bottom, MIDDLE):
        for col in range(left // MIDDLE * MIDDLE, right, MIDDLE):
            x0, y0 = max(col, left), max(row, top)
            x1, y1 = min(col + MIDDLE, right), min(row + MIDDLE, bottom)
            kept = Window(x0 - origin[0], y0 - origin[1], x1 - x0, y1 - y0)
            yield Patch(col - EDGE, row - EDGE, kept)
