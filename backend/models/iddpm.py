"""Sampling as DiT does (arXiv:2212.09748): improved DDPM with learned variances over fewer steps (arXiv:2102.09672)."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from .diffusion import DIT, Doubles, Schedule


class Iddpm:
    """A schedule of which `count` steps are taken. Steps are numbered here from 0, the last one that is taken.

    Attributes:
        taken: the schedule's number of each step, which the network is told; 0 and the schedule's last are among them.
    """

    def __init__(self, count: int = 250, schedule: Schedule = DIT) -> None:
        if not 2 <= count <= schedule.steps:
            raise ValueError(f"{count} of {schedule.steps} steps")
        stride = (schedule.steps - 1) / (count - 1)
        self.taken = tuple(round(index * stride) for index in range(count))
        self._kept: Doubles = schedule.kept[list(self.taken)]

    @cached_property
    def _before(self) -> Doubles:
        return np.concatenate([[1.0], self._kept[:-1]])

    @cached_property
    def _added(self) -> Doubles:
        """Variance added in each step, larger than the schedule's where steps are left out."""
        return np.asarray(1 - self._kept / self._before)

    @cached_property
    def _least(self) -> Doubles:
        """Logarithm of the posterior's variance from step 1 on; that of step 0, which draws nothing, is 0."""
        variance = self._added * (1 - self._before) / (1 - self._kept)
        return np.asarray(np.log(variance[1:]))

    def step_back(self, noisy: Tensor, predicted: Tensor, step: int, fresh: Tensor) -> Tensor:
        """Return latents (n, c, h, w) one step nearer to clean ones.

        Args:
            noisy: at `step`.
            predicted: (n, 2 c, h, w): the noise in them, and where the variance lies between its bounds, -1 to 1.
            fresh: normal noise like `noisy`; the last step, 0, adds none.
        """
        noise, between = predicted.chunk(2, 1)
        kept, before, added = (float(values[step]) for values in (self._kept, self._before, self._added))
        clean = math.sqrt(1 / kept) * noisy - math.sqrt(1 / kept - 1) * noise
        mean = math.sqrt(before) * added * clean + math.sqrt(1 - added) * (1 - before) * noisy
        mean = mean / (1 - kept)
        if step == 0:
            return mean
        share = (between + 1) / 2
        deviation = torch.exp((share * math.log(added) + (1 - share) * float(self._least[step - 1])) / 2)
        return mean + deviation * fresh

    def noised(self, clean: Tensor, noise: Tensor, step: int) -> Tensor:
        """Return clean latents as they are at `step`."""
        kept = float(self._kept[step])
        return math.sqrt(kept) * clean + math.sqrt(1 - kept) * noise
