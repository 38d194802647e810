"""A unit whose overlapping windows agree at each step: their predictions are averaged (MultiDiffusion, 2302.08113).

Windows lie half over their neighbours, weighted by a squared sine. A unit is painted with half a window around it, so
that each of its pixels lies in four windows; what lies farther away, where the next unit sees more windows, is all
that units can differ by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.models.diffusion import METAEARTH
from backend.models.generator import GAIN, SCALE

from .sampler import Floats, Pictures, Sampler, bounded, numbers
from .windows import MIDDLE, SIDE

HALO = MIDDLE
"""Pixels of the result around a unit that are painted with it."""


def averaged(
    sampler: Sampler, low: Pictures, place: tuple[int, int], batch: int, on_step: Callable[[float], None]
) -> Pictures:
    """Return the picture (4 h, 4 w, 3) whose coarse version is `low` (h, w, 3), at an absolute place of the result.

    Sides of the result are multiples of `MIDDLE`. `batch` windows are predicted at once; `on_step` as `Sampler.paint`.
    """
    given = numbers(low[None])
    windows = _Windows(sampler, given, place, batch)
    height, width = given.shape[2] * SCALE, given.shape[3] * SCALE
    here = sampler.noise.window(*place, width, height)[None]
    for index, (at, to) in enumerate(sampler.taken):

        def part(share: float, index: int = index) -> None:
            on_step((index + share) / sampler.steps)

        found = bounded(here, windows.predict(here, at, part), at, windows.enlarged)
        fresh = sampler.fresh(at, *place, width, height)[None] if sampler.draws(to) else None
        here = METAEARTH.step_back(here, found, at, to, sampler.eta, fresh)
    sampler.meter.windows += len(windows.corners)
    finished: Pictures = sampler.finished(windows.enlarged + here / GAIN, given)[0]
    return finished


@dataclass
class _Windows:
    """The windows of a block, encoded once."""

    sampler: Sampler
    low: Floats
    place: tuple[int, int]
    batch: int

    def __post_init__(self) -> None:
        height, width = self.low.shape[2] * SCALE, self.low.shape[3] * SCALE
        columns, rows = range(0, width - MIDDLE, MIDDLE), range(0, height - MIDDLE, MIDDLE)
        self.corners = [(col, row) for row in rows for col in columns]
        self._weights = np.zeros((height, width), np.float32)
        self.enlarged, self._shown = np.zeros((1, 3, height, width), np.float32), list[Floats]()
        for col, row in self.corners:
            part = self.low[:, :, row // SCALE : (row + SIDE) // SCALE, col // SCALE : (col + SIDE) // SCALE]
            enlarged, shown = self.sampler.condition(np.ascontiguousarray(part))
            self._shown.append(shown)
            self._weights[_at(col, row)] += WEIGHTS
            self.enlarged[:, :, *_at(col, row)] += WEIGHTS * enlarged
        self.enlarged /= self._weights
        middles = [(self.place[0] + col + MIDDLE, self.place[1] + row + MIDDLE) for col, row in self.corners]
        self._metres = np.array([self.sampler.metres(*middle) for middle in middles], np.float32)

    def predict(self, here: Floats, at: int, on_part: Callable[[float], None]) -> Floats:
        """Return the mean noise (1, 3, h, w) that windows find in `here`."""
        found = np.zeros_like(here)
        for first in range(0, len(self.corners), self.batch):
            on_part(first / len(self.corners))
            some = slice(first, first + self.batch)
            seen = np.concatenate([here[:, :, *_at(*corner)] for corner in self.corners[some]])
            predicted = self.sampler.predict(seen, np.concatenate(self._shown[some]), at, self._metres[some])
            for corner, one in zip(self.corners[some], predicted, strict=True):
                found[0][:, *_at(*corner)] += WEIGHTS * one
        return np.asarray(found / self._weights, np.float32)


def _at(col: int, row: int) -> tuple[slice, slice]:
    return slice(row, row + SIDE), slice(col, col + SIDE)


def _sine() -> NDArray[np.float32]:
    return np.asarray(np.sin(np.pi * (np.arange(SIDE) + 0.5) / SIDE) ** 2, np.float32)


WEIGHTS = np.outer(_sine(), _sine())
"""Of a window's pixels (SIDE, SIDE): those of windows half over each other add up to one."""
