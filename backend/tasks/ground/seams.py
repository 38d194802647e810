"""Pieces of objects that meet where units do: which belong together.

Things are compared in the strip that two units both see: those that agree there are one. Of stuff, which is what is
connected, the last line of pixels before the seam is enough: both units see it, and what crosses the seam is on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

Labels = NDArray[np.int32]
SAMPLE = 4
"""Every how many pixels things are compared: they are no finer than a model's cells."""
IOU, CONTAINED = 0.5, 0.7
"""In what two units both see: things are one object from this IoU on, or from this part of the smaller one."""


class Groups:
    """Disjoint sets of numbers, united by pairs."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, number: int) -> int:
        """Return the least number of the set that `number` is in."""
        root = number
        while self._parent.get(root, root) != root:
            root = self._parent[root]
        while number != root:
            self._parent[number], number = root, self._parent.get(number, root)
        return root

    def unite(self, one: int, other: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


@dataclass(frozen=True)
class Strip:
    """What a unit saw beside one of its edges; labels are numbers of pieces, 0 none."""

    window: Window
    labels: Labels

    def pairs(self, labels: Labels, corner: tuple[int, int], things: bool) -> list[tuple[int, int]]:
        """Return its numbers with the labels that are the same object; those begin at `corner` of the source."""
        top, left = self.window.row - corner[1], self.window.col - corner[0]
        shared = labels[top : top + self.window.height, left : left + self.window.width]
        if things:
            return same_objects(self.labels, sampled(shared, self.window))
        both = (self.labels > 0) & (shared > 0)
        return [(a, b) for a, b in np.unique([self.labels[both], shared[both]], axis=1).T.tolist()]


def strip_of(labels: Labels, corner: tuple[int, int], window: Window, first: int, things: bool) -> Strip:
    """Return what `labels`, which begin at `corner` of the source, show in `window`; label 1 is piece `first`."""
    top, left = window.row - corner[1], window.col - corner[0]
    seen = labels[top : top + window.height, left : left + window.width]
    seen = sampled(seen, window) if things else seen
    return Strip(window, np.where(seen > 0, seen + (first - 1), 0).astype(np.int32))


def sampled(labels: Labels, window: Window) -> Labels:
    """Return every `SAMPLE`-th row and column of `labels`, the same ones whatever `window` they are cut to."""
    return labels[-window.row % SAMPLE :: SAMPLE, -window.col % SAMPLE :: SAMPLE]


def same_objects(one: Labels, other: Labels) -> list[tuple[int, int]]:
    """Return the pairs of labels, 0 none, that are one object; both are of the same pixels."""
    both = (one > 0) & (other > 0)
    if not both.any():
        return []
    areas = _areas(one), _areas(other)
    keys = one[both].astype(np.int64) << 32 | other[both]
    found = []
    for key, common in _areas(keys).items():
        a, b = key >> 32, key & 0xFFFFFFFF
        sizes = areas[0][a], areas[1][b]
        if common >= IOU * (sum(sizes) - common) or common >= CONTAINED * min(sizes):
            found.append((a, b))
    return found


def _areas(labels: NDArray[np.integer]) -> dict[int, int]:
    numbers, counts = np.unique(labels[labels > 0], return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))
