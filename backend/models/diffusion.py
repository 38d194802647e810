"""Denoising diffusion in numbers: the noise of each step, the steps a sampler takes, and one step back.

DDPM (arXiv:2006.11239) with a linear schedule, DDIM (arXiv:2010.02502) to sample, P2 weights (arXiv:2204.00227) to
train.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Schedule:
    """Noise from almost none to almost nothing else, in `steps` steps.

    Attributes:
        first, last: variances added in the first and the last step; linear between them.
    """

    first: float = 0.0015
    last: float = 0.0155
    steps: int = 1000

    @cached_property
    def kept(self) -> Doubles:
        """The share of the picture's variance (steps,) that is left after each step, 1 and down."""
        return np.asarray(np.cumprod(1 - np.linspace(self.first, self.last, self.steps)))

    @cached_property
    def signal_to_noise(self) -> Doubles:
        """The signal-to-noise ratio (steps,) after each step."""
        return np.asarray(self.kept / (1 - self.kept))

    def weights(self, gamma: float = 1.0, k: float = 1.0) -> Doubles:
        """Return P2's weights (steps,) of the squared error of predicted noise: 1 / (k + SNR)^gamma."""
        return np.asarray((k + self.signal_to_noise) ** -gamma)

    def sampled(self, count: int) -> tuple[int, ...]:
        """Return `count` of the steps, evenly spaced backwards from the noisiest (arXiv:2305.08891, "trailing").

        Raises:
            ValueError: there are not so many steps.
        """
        if not 1 <= count <= self.steps:
            raise ValueError(f"{count} of {self.steps} steps")
        return tuple(round(self.steps - index * self.steps / count) - 1 for index in range(count))

    def step_back(
        self, noisy: Floats, noise: Floats, at: int, to: int, eta: float = 0.0, fresh: Floats | None = None
    ) -> Floats:
        """Return the picture at step `to` (-1: without noise) from `noisy` at step `at` and its predicted `noise`.

        DDIM, equation 12: `eta` 0 draws nothing, 1 is DDPM and needs `fresh` noise.
        """
        here, there = float(self.kept[at]), float(self.kept[to]) if to >= 0 else 1.0
        clean = (noisy - math.sqrt(1 - here) * noise) / math.sqrt(here)
        drawn = eta * math.sqrt((1 - there) / (1 - here)) * math.sqrt(1 - here / there)
        found = math.sqrt(there) * clean + math.sqrt(max(1 - there - drawn**2, 0.0)) * noise
        return np.asarray(found if fresh is None or not drawn else found + drawn * fresh, np.float32)

    def within(self, noisy: Floats, noise: Floats, at: int, low: Floats, high: Floats) -> Floats:
        """Return the predicted `noise` in `noisy` at a step, such that the picture in it lies from `low` to `high`."""
        kept = float(self.kept[at])
        clean = np.clip((noisy - math.sqrt(1 - kept) * noise) / math.sqrt(kept), low, high)
        return np.asarray((noisy - math.sqrt(kept) * clean) / math.sqrt(1 - kept), np.float32)

    def noised(self, clean: Floats, noise: Floats, at: int) -> Floats:
        """Return a picture as it is at step `at` (-1: as it is)."""
        if at < 0:
            return clean
        kept = float(self.kept[at])
        return np.asarray(math.sqrt(kept) * clean + math.sqrt(1 - kept) * noise, np.float32)


METAEARTH = Schedule(0.0015, 0.0155)
"""arXiv:2405.13570."""
DIT = Schedule(1e-4, 2e-2)
"""As Changen2's RS-DiT was trained."""
