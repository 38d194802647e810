"""Tiles: model-sized pieces on a lattice anchored to the source, each trusted most in its middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

STRIDE = 4
"""Model pixels a cell, for a model that does not say how densely it gives features; tiles begin on multiples of it."""
OVERLAP = 4
"""Neighbouring tiles share one of this many parts of their side, unless what lies around a cell tells nothing."""
FLOOR = 1e-3


@dataclass(frozen=True)
class TileLattice:
    """The tiles of one source; all lengths but `step` are in model pixels, `step` source pixels wide.

    The same place has the same tiles whatever area is asked for.

    Attributes:
        width, height: the source.
        size: side of a tile; smaller only where the source is.
        origin: the source's first pixel in the raster it was cut from.
        stride: side of a cell, for which a model has one feature.
        alone: whether a cell's feature is of its own pixels only; then tiles share nothing.
    """

    width: int
    height: int
    size: int
    step: int = 1
    origin: tuple[int, int] = (0, 0)
    stride: int = STRIDE
    alone: bool = False

    @classmethod
    def over(
        cls, width: int, height: int, size: int, step: int, origin: tuple[int, int], stride: int = STRIDE
    ) -> TileLattice:
        """Return the lattice of a source of `width` x `height` of its own pixels."""
        return cls(-(-width // step), -(-height // step), size, step, (origin[0] // step, origin[1] // step), stride)

    @property
    def cell(self) -> int:
        """Return the source pixels along the side of a cell."""
        return self.stride * self.step

    def covering(self, left: int, top: int, right: int, bottom: int) -> Iterator[Window]:
        """Yield the tiles that share a pixel with columns `left` to `right` and rows `top` to `bottom`, by rows."""
        columns = [start for start in self._starts(0) if start < right and start + self._side(0) > left]
        for row in (start for start in self._starts(1) if start < bottom and start + self._side(1) > top):
            for col in columns:
                yield Window(col, row, min(self.size, self.width - col), min(self.size, self.height - row))

    def over_window(self, window: Window) -> Iterator[Window]:
        """Yield the tiles that share a pixel with `window`, which is in pixels of the source, by rows."""
        left, top = window.col // self.step, window.row // self.step
        right, bottom = -(-(window.col + window.width) // self.step), -(-(window.row + window.height) // self.step)
        return self.covering(left, top, right, bottom)

    def in_source(self, tile: Window, width: int, height: int) -> Window:
        """Return `tile` in pixels of the source, which has `width` x `height` of them."""
        left, top = tile.col * self.step, tile.row * self.step
        right, bottom = left + tile.width * self.step, top + tile.height * self.step
        return Window(left, top, min(right, width) - left, min(bottom, height) - top)

    def _side(self, axis: int) -> int:
        return min(self.size, (self.width, self.height)[axis])

    def _starts(self, axis: int) -> list[int]:
        unit, shared = lcm(STRIDE, self.stride), 0 if self.alone else self.size // OVERLAP
        return _starts((self.width, self.height)[axis], self.size, self.origin[axis], unit, shared)


@lru_cache(maxsize=8)
def _starts(length: int, size: int, before: int, unit: int, shared: int) -> list[int]:
    last = -(-max(0, length - size) // unit) * unit
    hop = size - shared // unit * unit
    first = -(before % hop) // unit * unit
    return sorted({min(max(start, 0), last) for start in range(first, last + hop, hop)})


@lru_cache(maxsize=8)
def hann(rows: int, columns: int) -> NDArray[np.float32]:
    """Return how much each cell of a tile counts."""

    def side(length: int) -> NDArray[np.float64]:
        place: NDArray[np.float64] = (np.arange(length) + 0.5) / length
        return np.asarray(np.maximum(np.sin(np.pi * place) ** 2, FLOOR))

    return (side(rows)[:, None] * side(columns)).astype(np.float32)
