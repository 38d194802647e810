"""Crops on a lattice anchored to the source, so that neighbouring prompts share an encoding.

Crops have `size` cells a side, a cell being `step` x `step` source pixels, and start every `size / 2` cells counted
from the whole raster's corner; at the raster's edges they are moved inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.pixel_prompts import Extent
from backend.geo.raster import Window

FIT = 0.75
"""Prompts may fill this part of a crop's side before a coarser step is taken."""
SIDES = ("left", "right", "top", "bottom")


@dataclass(frozen=True)
class Lattice:
    """The crops of one source.

    Attributes:
        width, height: the source, in pixels.
        size: side of a crop, in cells.
        origin: column and row of the source's first pixel in the raster it was cut from.
    """

    width: int
    height: int
    size: int
    origin: tuple[int, int] = (0, 0)

    def crop_for(self, extent: Extent) -> tuple[Window, int]:
        """Return the crop that serves prompts within `extent`, and its step.

        The step is the smallest power of two at which the extent fills at most `FIT` of a crop and lies wholly in the
        crop whose centre is nearest to it.
        """
        x0, y0, x1, y1 = extent
        step = 1
        while True:
            window = self.nearest((x0 + x1) / 2, (y0 + y1) / 2, step)
            whole = window.width == self.width and window.height == self.height
            fits = max(x1 - x0, y1 - y0) <= FIT * self.size * step and contains(window, extent)
            if whole or fits:
                return window, step
            step *= 2

    def nearest(self, x: float, y: float, step: int) -> Window:
        """Return the crop whose centre is nearest to the pixel position `x`, `y`."""
        starts = []
        for axis, place in enumerate((x, y)):
            positions = self._starts(axis, step)
            centres = positions + min(self.size, self._cells(axis, step)) / 2
            starts.append(int(positions[np.argmin(np.abs(centres - place / step))]))
        return self._window(starts[0], starts[1], step)

    def neighbour(self, window: Window, side: str, step: int) -> Window | None:
        """Return the next crop of the lattice on `side` of `window`, or None at the raster's edge."""
        starts = [window.col // step, window.row // step]
        axis = 0 if side in ("left", "right") else 1
        positions = self._starts(axis, step)
        index = int(np.searchsorted(positions, starts[axis])) + (1 if side in ("right", "bottom") else -1)
        if not 0 <= index < len(positions):
            return None
        starts[axis] = int(positions[index])
        return self._window(starts[0], starts[1], step)

    def _cells(self, axis: int, step: int) -> int:
        return -(-(self.width, self.height)[axis] // step)

    def _starts(self, axis: int, step: int) -> NDArray[np.int64]:
        last = max(0, self._cells(axis, step) - self.size)
        stride, before = self.size // 2, self.origin[axis] // step
        first = before // stride * stride - before
        return np.unique(np.clip(np.arange(first, last + stride, stride), 0, last))

    def _window(self, col: int, row: int, step: int) -> Window:
        left, top = col * step, row * step
        side = self.size * step
        return Window(left, top, min(side, self.width - left), min(side, self.height - top))


def contains(window: Window, extent: Extent) -> bool:
    """Return whether `extent` lies within `window`."""
    x0, y0, x1, y1 = extent
    across = window.col <= x0 and x1 <= window.col + window.width
    return across and window.row <= y0 and y1 <= window.row + window.height
