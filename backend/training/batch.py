"""What one training step sees: crops with objects to click on, and scene chips in two views."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.training import click_losses
from backend.training.crops import Cropper, Sample, chosen_objects
from backend.training.embed_losses import scene_views, view
from backend.training.pictures import load, load_scenes

ZOOMED, NATIVE = 160, 256
PLAYS = {ZOOMED: 2, NATIVE: 3}
PART = 0.4


@dataclass(frozen=True)
class Scenes:
    """Chips (2m + n, 3, c, c): two views of m scenes, then a part of each of n crops; and the m scenes' classes."""

    chips: Tensor
    classes: Tensor


@dataclass(frozen=True)
class Batch:
    """Crops (n, 3, s, s), their classes at stride 4, plays; scenes beside crops of native resolution only."""

    crops: Tensor
    classes: Tensor
    plays: list[click_losses.Play]
    scenes: Scenes | None

    def to(self, device: torch.device) -> Batch:
        """Return the same with its tensors on a device."""
        scenes = self.scenes and Scenes(self.scenes.chips.to(device), self.scenes.classes.to(device))
        return Batch(self.crops.to(device), self.classes.to(device), self.plays, scenes)


class Batches:
    """Draws batches from a pack."""

    def __init__(self, pack: Path, crops: int, chips: int, drawn: np.random.Generator) -> None:
        self._crops, self._count, self._drawn = crops, chips, drawn
        self._cropper = Cropper(load(pack), drawn)
        self._chips, self._scenes = load_scenes(pack)

    def zoomed(self) -> Batch:
        """Return crops whose scale follows an object's size."""
        return self._batch([self._cropper.zoomed(ZOOMED) for _ in range(self._crops)], ZOOMED, None)

    def native(self) -> Batch:
        """Return half as many larger crops near native resolution, and scenes."""
        samples = [self._cropper.native(NATIVE) for _ in range(max(self._crops // 2, 2))]
        chosen = self._drawn.integers(len(self._chips), size=self._count)
        parts = torch.stack([view(sample.image, self._drawn, PART) for sample in samples])
        chips = torch.cat([scene_views(self._chips[chosen], self._drawn), parts])
        return self._batch(samples, NATIVE, Scenes(chips, torch.from_numpy(self._scenes[chosen])))

    def _batch(self, samples: list[Sample], size: int, scenes: Scenes | None) -> Batch:
        plays = [
            click_losses.start(index, mask, self._drawn)
            for index, sample in enumerate(samples)
            for mask in chosen_objects(sample, PLAYS[size], self._drawn)
            if mask[::2, ::2].any()
        ]
        return Batch(
            torch.stack([sample.image for sample in samples]),
            torch.from_numpy(np.stack([sample.classes[2::4, 2::4] for sample in samples])),
            plays,
            scenes,
        )
