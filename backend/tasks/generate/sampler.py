"""One window from noise to picture: DDIM over a painter's predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.models.diffusion import METAEARTH
from backend.models.generator import GAIN, SCALE, Painter

from .noise import Noise

Floats = NDArray[np.float32]
FRESH = 1000
"""Stages of noise from here on are drawn anew at each step, for `eta` above 0."""


@dataclass(frozen=True)
class Sampler:
    """How windows of one stage are painted.

    Attributes:
        steps: of the schedule that are taken.
        eta: 0 draws nothing on the way; 1 is DDPM.
        metres: width of the result's pixels on the ground.
    """

    painter: Painter
    noise: Noise
    steps: int
    metres: float
    eta: float = 0.0

    def paint(self, low: NDArray[np.uint8], col: int, row: int) -> NDArray[np.uint8]:
        """Return the picture (4 h, 4 w, 3) whose coarse version is `low` (h, w, 3), at an absolute place."""
        enlarged, shown = self.painter.condition(_numbers(low))
        height, width = low.shape[0] * SCALE, low.shape[1] * SCALE
        here = self.noise.window(col, row, width, height)[None]
        taken = METAEARTH.sampled(self.steps)
        for at, to in zip(taken, (*taken[1:], -1), strict=True):
            found = self.painter.noise(here, shown, at, self.metres)
            fresh = self._fresh(at, col, row, width, height) if self.eta and to >= 0 else None
            here = METAEARTH.step_back(here, found, at, to, self.eta, fresh)
        return _bytes(enlarged[0] + here[0] / GAIN)

    def _fresh(self, at: int, col: int, row: int, width: int, height: int) -> Floats:
        stage = FRESH * (self.noise.stage + 1) + at
        return Noise(self.noise.seed, stage).window(col, row, width, height)[None]


def _numbers(picture: NDArray[np.uint8]) -> Floats:
    return np.ascontiguousarray(picture.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1)


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    values = np.clip(np.round((picture + 1) * 127.5), 0, 255)
    return np.ascontiguousarray(values.transpose(1, 2, 0)).astype(np.uint8)
