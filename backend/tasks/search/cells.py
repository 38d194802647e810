"""Which cells of a grid of vectors a view of the map is answered with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.geo.raster import Grid, Window
from backend.protocol.asks import View
from backend.protocol.prompts import Box

MOST_CELLS, MOST_NUMBERS = 1_000_000, 2**28
"""What one view holds at most, and cells times the width of a vector: a byte each."""


@dataclass(frozen=True)
class Cells:
    """Whole cells of `step` x `step` vectors; `window` is theirs in the grid, and ends where the grid does."""

    window: Window
    step: int
    extent: Box

    @property
    def columns(self) -> int:
        """Return how many there are from west to east."""
        return -(-self.window.width // self.step)

    @property
    def rows(self) -> int:
        """Return how many there are from north to south."""
        return -(-self.window.height // self.step)


def cells_of(view: View, grid: Grid, width: int) -> Cells | None:
    """Return the cells that `view` shows, about as fine as it is; None where it lies beside the grid.

    The step is a power of two, as overviews are; cells begin at multiples of it, so that neighbouring views share them.
    """
    (c0, r0), (c1, r1) = (~grid.transform @ corner for corner in _corners(view.extent))
    left, right = max(0, math.floor(min(c0, c1))), min(grid.width, math.ceil(max(c0, c1)))
    top, bottom = max(0, math.floor(min(r0, r1))), min(grid.height, math.ceil(max(r0, r1)))
    if right <= left or bottom <= top:
        return None
    across, down = abs(c1 - c0) / view.columns, abs(r1 - r0) / view.rows
    step = 2 ** max(0, round(math.log2(max(math.sqrt(across * down), 1))))
    most = min(MOST_CELLS, MOST_NUMBERS // width)
    while -(-(right - left) // step) * -(-(bottom - top) // step) > most:
        step *= 2
    left, top = left // step * step, top // step * step
    right, bottom = min(grid.width, -(-right // step) * step), min(grid.height, -(-bottom // step) * step)
    window = Window(left, top, right - left, bottom - top)
    return Cells(window, step, _extent(window, step, grid))


def _extent(window: Window, step: int, grid: Grid) -> Box:
    right = window.col + -(-window.width // step) * step
    bottom = window.row + -(-window.height // step) * step
    (x0, y1), (x1, y0) = grid.transform @ (window.col, window.row), grid.transform @ (right, bottom)
    return Box(x0, y0, x1, y1)


def _corners(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    return (box.x0, box.y1), (box.x1, box.y0)
