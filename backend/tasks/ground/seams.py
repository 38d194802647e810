"""Pieces of objects that meet where units do: which belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]
SAMPLE = 4
"""Every how many pixels pieces are compared: they are no finer than a model's cells."""
IOU, CONTAINED = 0.5, 0.7
"""In what two units both see: pieces are one object from this IoU on, or from this part of the smaller one."""


class Groups:
    """Disjoint sets of numbers, united by pairs."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, number: int) -> int:
        """Return the least number of the set that `number` is in."""
        parent = self._parent.get(number, number)
        if parent == number:
            return number
        self._parent[number] = self.root(parent)
        return self._parent[number]

    def unite(self, one: int, other: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def same_objects(one: Labels, other: Labels) -> list[tuple[int, int]]:
    """Return the pairs of labels, 0 none, that are one object; both are of the same pixels."""
    one, other = one[::SAMPLE, ::SAMPLE], other[::SAMPLE, ::SAMPLE]
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
