"""The answers of overlapping crops put together into one mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.models.segmenter import Mask

FLOOR = 1e-3
"""Weight at a crop's border, so that what only one crop covers has a weight at all."""


class Canvas:
    """Logits of crops blended by their distance from the crop's border. Windows are in cells of one step."""

    def __init__(self, window: Window, logits: NDArray[np.float32]) -> None:
        """Start with the first crop, which stays as it is until a second one comes."""
        self.window = window
        self._single: NDArray[np.float32] | None = logits
        self._sum = self._weight = np.zeros((0, 0), np.float32)

    def add(self, window: Window, logits: NDArray[np.float32]) -> None:
        """Blend in the `logits` of a further crop that covers `window`."""
        if self._single is not None:
            first, self._single = self._single, None
            self._sum = np.zeros((self.window.height, self.window.width), np.float32)
            self._weight = np.zeros_like(self._sum)
            self._blend(self.window, first)
        self._grow(window)
        self._blend(window, logits)

    def mask(self) -> Mask:
        """Return where the object is within the canvas's window."""
        return np.asarray((self._sum if self._single is None else self._single) > 0)

    def covered(self, window: Window) -> Mask:
        """Return which cells of `window`, which lies on the canvas, some crop has covered."""
        if self._single is not None:
            return np.ones((window.height, window.width), np.bool_)
        return np.asarray(self._weight[self._part(window)] > 0)

    def _blend(self, window: Window, logits: NDArray[np.float32]) -> None:
        part = self._part(window)
        weight = np.minimum.outer(_ramp(window.height), _ramp(window.width))
        self._sum[part] += logits * weight
        self._weight[part] += weight

    def _part(self, window: Window) -> tuple[slice, slice]:
        left, top = window.col - self.window.col, window.row - self.window.row
        return slice(top, top + window.height), slice(left, left + window.width)

    def _grow(self, window: Window) -> None:
        old, new = self.window, union(self.window, window)
        if new == old:
            return
        self.window = new
        for name in ("_sum", "_weight"):
            grown = np.zeros((new.height, new.width), np.float32)
            grown[self._part(old)] = getattr(self, name)
            setattr(self, name, grown)


def union(a: Window, b: Window) -> Window:
    """Return the smallest window around both."""
    col, row = min(a.col, b.col), min(a.row, b.row)
    right = max(a.col + a.width, b.col + b.width)
    bottom = max(a.row + a.height, b.row + b.height)
    return Window(col, row, right - col, bottom - row)


def intersection(a: Window, b: Window) -> Window:
    """Return what both windows cover; of no width or height where they do not overlap."""
    col, row = max(a.col, b.col), max(a.row, b.row)
    right = min(a.col + a.width, b.col + b.width)
    bottom = min(a.row + a.height, b.row + b.height)
    return Window(col, row, right - col, bottom - row)


def within(inner: Window, outer: Window) -> tuple[slice, slice]:
    """Return the rows and columns of `outer`'s array that `inner`, a part of it, covers."""
    left, top = inner.col - outer.col, inner.row - outer.row
    return slice(top, top + inner.height), slice(left, left + inner.width)


def _ramp(length: int) -> NDArray[np.float32]:
    place = np.arange(length, dtype=np.float32)
    return np.asarray(np.minimum(place, place[::-1]) / max(1, length) + FLOOR, np.float32)
