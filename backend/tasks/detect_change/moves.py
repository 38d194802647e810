"""The class before and after of each pixel: 0 none, i the i-th.

Blended maps hold those of all classes before, and then of all classes after; theirs begin at `first`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.tasks.ground.blend import Blended

from .method import Bytes, Floats


def likeliest(blended: Blended, first: int, least: float) -> tuple[Bytes, Bytes]:
    """Return the best class before and after; 0 where none reaches `least`.

    Classes that share one probability are more than one, and the best of them counts, whatever it reaches.
    """
    count = (len(blended) - first) // 2
    least = -np.inf if first and count > 1 else least
    found = tuple(_best([first + date * count + index for index in range(count)], blended, least) for date in (0, 1))
    return found[0], found[1]


def come_or_gone(blended: Blended, first: int, own: int) -> tuple[Bytes, Bytes]:
    """Return the classes where the `own`-th comes or goes: it at the date that has more of it, else the best other.

    The other is 0 where there is no other class.
    """
    count = (len(blended) - first) // 2
    others = [index for index in range(count) if index != own]
    numbers = np.array([0, *(index + 1 for index in others)], np.uint8)
    was, now = (numbers[_best([first + date * count + index for index in others], blended, -np.inf)] for date in (0, 1))
    gone = blended.full(first + own) > blended.full(first + count + own)
    mine = np.uint8(own + 1)
    return np.where(gone, mine, was), np.where(gone, now, mine)


def _best(bands: Sequence[int], blended: Blended, least: float) -> Bytes:
    best: Floats | None = None
    index = np.zeros(blended.valid.shape, np.uint8)
    for number, band in enumerate(bands, start=1):
        values = blended.full(band)
        better = values >= least if best is None else values > np.maximum(best, least)
        best = values if best is None else np.maximum(best, values)
        index[better] = number
    return index
