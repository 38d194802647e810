"""Windows from noise to pictures: DDIM over a painter's predictions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.models.diffusion import METAEARTH
from backend.models.generator import GAIN, SCALE, Painter
from backend.models.noise import Noise

from .consistent import consistent

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]
FRESH = 1000
"""Stages of noise from here on are drawn anew at each step, for `eta` above 0."""


@dataclass
class Meter:
    """Seconds within the network, and windows it painted."""

    seconds: float = 0.0
    windows: int = 0


@dataclass(frozen=True)
class Sampler:
    """How windows of one stage are painted.

    Attributes:
        steps: of the schedule that are taken.
        metres: takes an absolute place of the result and returns the width of its pixel on the ground.
        eta: 0 draws nothing on the way; 1 is DDPM.
        consistent: the mean of what is painted of a pixel is that pixel.
    """

    painter: Painter
    noise: Noise
    steps: int
    metres: Callable[[int, int], float]
    eta: float = 0.0
    consistent: bool = False
    meter: Meter = field(default_factory=Meter)

    def paint(
        self, lows: Pictures, places: Sequence[tuple[int, int]], on_step: Callable[[float], None] = lambda _: None
    ) -> Pictures:
        """Return the pictures (n, 4 h, 4 w, 3) whose coarse versions are `lows` (n, h, w, 3), at absolute places.

        `on_step` is told the share of the steps that are done, before each, and may raise `Cancelled`.
        """
        low = numbers(lows)
        height, width = low.shape[2] * SCALE, low.shape[3] * SCALE
        enlarged, shown = self.condition(low)
        here = np.stack([self.noise.window(col, row, width, height) for col, row in places])
        metres = np.array([self.metres(col + width // 2, row + height // 2) for col, row in places], np.float32)
        for index, (at, to) in enumerate(self.taken):
            on_step(index / self.steps)
            found = bounded(here, self.predict(here, shown, at, metres), at, enlarged)
            fresh = (
                np.stack([self.fresh(at, col, row, width, height) for col, row in places]) if self.draws(to) else None
            )
            here = METAEARTH.step_back(here, found, at, to, self.eta, fresh)
        self.meter.windows += len(places)
        return self.finished(enlarged + here / GAIN, low)

    @property
    def taken(self) -> list[tuple[int, int]]:
        """Return each step of the schedule that is taken, and the one it leads to; -1 is none."""
        steps = METAEARTH.sampled(self.steps)
        return list(zip(steps, (*steps[1:], -1), strict=True))

    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return what `Painter.condition` does."""
        began = time.perf_counter()
        found = self.painter.condition(low)
        self.meter.seconds += time.perf_counter() - began
        return found

    def predict(self, here: Floats, shown: Floats, at: int, metres: Floats) -> Floats:
        """Return the noise that the network finds."""
        began = time.perf_counter()
        found = self.painter.noise(here, shown, at, metres)
        self.meter.seconds += time.perf_counter() - began
        return found

    def draws(self, to: int) -> bool:
        """Return whether a step to `to` draws noise."""
        return self.eta > 0 and to >= 0

    def fresh(self, at: int, col: int, row: int, width: int, height: int) -> Floats:
        """Return the noise that is drawn at a step, (3, height, width): it too belongs to places."""
        stage = FRESH * (self.noise.stage + 1) + at
        return Noise(self.noise.seed, stage).window(col, row, width, height)

    def finished(self, pictures: Floats, low: Floats) -> Pictures:
        """Return pictures (n, 3, h, w), -1 to 1, as bytes (n, h, w, 3)."""
        values = consistent(pictures, low) if self.consistent else pictures
        return as_bytes(values)


def bounded(here: Floats, noise: Floats, at: int, enlarged: Floats) -> Floats:
    """Return predicted noise such that the picture within lies between black and white."""
    return METAEARTH.within(here, noise, at, (-1 - enlarged) * GAIN, (1 - enlarged) * GAIN)


def numbers(pictures: Pictures) -> Floats:
    """Return pictures (n, h, w, 3) as the network takes them, (n, 3, h, w), -1 to 1."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)


def as_bytes(pictures: Floats) -> Pictures:
    """Return pictures (n, 3, h, w), -1 to 1, as bytes (n, h, w, 3)."""
    values = np.clip(np.round((pictures + 1) * 127.5), 0, 255)
    return np.ascontiguousarray(values.transpose(0, 2, 3, 1)).astype(np.uint8)
