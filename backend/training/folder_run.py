"""A run in a folder: its steps, its log, and checkpoints from which it goes on and ends as one that never stopped."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from backend.training import checkpoint

N = TypeVar("N", bound=nn.Module)


class FolderRun(ABC, Generic[N]):
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self, network: N, optimiser: torch.optim.Optimizer, folder: Path, device: torch.device, logged: int, saved: int
    ) -> None:
        """Take what learns, on its device; every `logged` steps a line is printed, every `saved` all is saved."""
        self.network, self._optimiser, self._folder, self._device = network, optimiser, folder, device
        self._logged, self._saved = logged, saved
        self.losses: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        if state := checkpoint.read_state(folder):
            self.losses = state["losses"]
            self._restore()
        else:
            self._begin()

    def until(self, steps: int) -> None:
        """Train until so many steps are taken, and save."""
        sums: dict[str, list[float]] = {}
        started = time.monotonic()
        while len(self.losses) < steps:
            loss, parts = self._step(len(self.losses))
            self.losses.append(loss)
            for name, value in {"loss": loss, **parts}.items():
                sums.setdefault(name, []).append(value)
            if len(self.losses) % self._logged == 0:
                words = " ".join(f"{name} {np.mean(values):.4f}" for name, values in sums.items())
                print(f"{len(self.losses)} {words} {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
                sums.clear()
            if len(self.losses) % self._saved == 0:
                self._save()
        self._save()

    @abstractmethod
    def _step(self, number: int) -> tuple[float, dict[str, float]]:
        """Take one step and return its loss and the parts of it that are logged.

        What it draws follows from the seed and its number alone.
        """

    def _begin(self) -> None:
        """Prepare a run that has taken no step."""

    def _restore(self) -> None:
        """Take up what was saved."""
        self.network.load_state_dict(checkpoint.read(self._folder, "live"))
        checkpoint.restore(self._folder, self._optimiser)

    def _parts(self) -> dict[str, dict[str, Tensor]]:
        """Return the tensors that are saved, by the file's name."""
        return {"live": self.network.state_dict()}

    def _save(self) -> None:
        checkpoint.write(self._folder, self._parts(), self._optimiser, {"losses": self.losses})
