"""A run of AdamW whose rate rises and then falls by half a cosine, and whose averaged weights are what ships."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from backend.training import checkpoint
from backend.training.folder_run import FolderRun, N

AVERAGE = "average"
"""The file of the averaged weights."""


@dataclass(frozen=True)
class Recipe:
    """Numbers of a run.

    Attributes:
        peak: the highest rate.
        warm: steps until it is reached.
        decay: of the averaged weights, once many steps are taken.
        shrink: AdamW's decay of weights.
        clip: the longest gradient.
        logged: steps from one line of the log to the next.
        saved: steps from one checkpoint to the next.
        first: what the rise counts the first step as.
        least: the lowest share of the peak.
    """

    peak: float
    warm: int
    decay: float
    shrink: float
    clip: float
    logged: int
    saved: int
    first: int = 1
    least: float = 0.01


class AveragedRun(FolderRun[N]):
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self, make: Callable[[], N], recipe: Recipe, folder: Path, steps: int, seed: int, device: torch.device
    ) -> None:
        """Take what makes the network, its weights drawn by torch."""
        torch.manual_seed(seed)
        self._make, self._recipe, self._steps, self._seed = make, recipe, steps, seed
        network = make().to(device)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=recipe.peak, weight_decay=recipe.shrink, betas=(0.9, 0.99)
        )
        super().__init__(network, optimiser, folder, device, recipe.logged, recipe.saved)

    def finish(self) -> None:
        """Take the steps that are left, and save."""
        self.until(self._steps)

    def averaged(self) -> N:
        """Return the network with averaged weights, on the CPU."""
        network = self._make()
        network.load_state_dict({name: value.cpu() for name, value in self._average.items()})
        return network.eval()

    @abstractmethod
    def _losses(self, number: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Return the loss of a step and the parts of it that are logged."""

    def _step(self, number: int) -> tuple[float, dict[str, float]]:
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.peak * self._rate(number)
        loss, parts = self._losses(number)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip)
        self._optimiser.step()
        follow(self._average, self.network, number, self._recipe.decay)
        return loss.item(), {name: value.item() for name, value in parts.items()}

    def _rate(self, number: int) -> float:
        """Return a step's share of the peak rate."""
        recipe = self._recipe
        rising = number < recipe.warm
        rate = (number + recipe.first) / recipe.warm if rising else half_cosine(number, recipe.warm, self._steps)
        return max(rate, recipe.least)

    def _begin(self) -> None:
        self._average = copied(self.network)

    def _restore(self) -> None:
        super()._restore()
        self._average = read_average(self._folder, self._device)

    def _parts(self) -> dict[str, dict[str, Tensor]]:
        return {**super()._parts(), AVERAGE: self._average}


def copied(network: nn.Module) -> dict[str, Tensor]:
    """Return the weights as the average of a run that has taken no step."""
    return {name: value.clone() for name, value in network.state_dict().items()}


def follow(average: dict[str, Tensor], network: nn.Module, number: int, decay: float) -> None:
    """Move averaged weights, in place, towards those after the step `number`; fast at first."""
    kept = min(decay, (1 + number) / (10 + number))
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value, 1 - kept)


def read_average(folder: Path, device: torch.device) -> dict[str, Tensor]:
    """Return the averaged weights that a run in the folder saved."""
    return {name: value.to(device) for name, value in checkpoint.read(folder, AVERAGE).items()}


def half_cosine(at: float, start: float, end: float) -> float:
    """Return 1 at `start`, 0 at `end`, and half a cosine between."""
    return (1 + math.cos(math.pi * (at - start) / (end - start))) / 2
