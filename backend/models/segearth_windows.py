"""Square windows over a crop, and sums of what they say, on a grid of `stride` pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Plan:
    """How a crop is cut.

    Attributes:
        window, hop: side and distance of the windows, in pixels; the last one is moved back inside.
        multiple: what a window's sides are padded to (the patch), zeros on both sides.
        smallest: least side of a padded window.
        stride: pixels a cell of the result; windows begin on its multiples.
    """

    window: int
    hop: int
    multiple: int
    smallest: int
    stride: int

    @property
    def unit(self) -> int:
        """Return what padded sides are multiples of: whole patches and whole cells."""
        return math.lcm(self.multiple, self.stride)

    def cells(self, length: int) -> int:
        """Return how many cells cover `length` pixels."""
        return -(-length // self.stride)

    def windows(self, height: int, width: int) -> list[tuple[slice, slice]]:
        """Return the windows' rows and columns in a crop whose sides are multiples of `stride`."""
        return [(rows, columns) for rows in self._along(height) for columns in self._along(width)]

    def in_cells(self, place: slice) -> slice:
        """Return a window's place on the grid of cells."""
        return slice(place.start // self.stride, place.stop // self.stride)

    def whole(self, pixels: Tensor) -> Tensor:
        """Return (1, 3, h, w) with its last row and column repeated to multiples of `stride`."""
        height, width = pixels.shape[-2:]
        return nn.functional.pad(pixels, (0, -width % self.stride, 0, -height % self.stride), mode="replicate")

    def padding(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Return left, right, top and bottom padding of a window, halves of it on cells."""
        top, bottom = self._both(height)
        return *self._both(width), top, bottom

    def _along(self, length: int) -> list[slice]:
        count = max(length - self.window + self.hop - 1, 0) // self.hop + 1
        last = max(length - self.window, 0)
        starts = [min(index * self.hop, last) for index in range(count)]
        return [slice(start, min(start + self.window, length)) for start in starts]

    def _both(self, length: int) -> tuple[int, int]:
        missing = max(-length % self.unit, self.smallest - length)
        missing += -(length + missing) % self.unit
        before = missing // 2 // self.stride * self.stride
        return before, missing - before
