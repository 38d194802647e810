"""What one training step sees: crops with objects to click on, and scene chips in two views."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.training import click_losses
from backend.training.crops import Cropper, chosen_objects
from backend.training.embed_losses import scene_views, view
from backend.training.pictures import load, load_scenes

OBJECTS = 5
PART = 0.4


@dataclass(frozen=True)
class Batch:
    """Crops (n, 3, s, s), their classes at stride 4, plays; chips (2m + n, 3, c, c) with m scene classes."""

    crops: Tensor
    classes: Tensor
    plays: list[click_losses.Play]
    chips: Tensor
    scenes: Tensor


class Batches:
    """Draws batches from a pack."""

    def __init__(self, pack: Path, size: int, crops: int, chips: int, drawn: np.random.Generator) -> None:
        self._crops, self._count, self._drawn = crops, chips, drawn
        self._cropper = Cropper(load(pack), size, drawn)
        self._chips, self._scenes = load_scenes(pack)

    def draw(self) -> Batch:
        """Return the next batch."""
        samples = [self._cropper.draw() for _ in range(self._crops)]
        plays = [
            click_losses.start(index, mask, self._drawn)
            for index, sample in enumerate(samples)
            for mask in chosen_objects(sample, OBJECTS, self._drawn)
            if mask[::2, ::2].any()
        ]
        chosen = self._drawn.integers(len(self._chips), size=self._count)
        parts = torch.stack([view(sample.image, self._drawn, PART) for sample in samples])
        return Batch(
            torch.stack([sample.image for sample in samples]),
            torch.from_numpy(np.stack([sample.classes[2::4, 2::4] for sample in samples])),
            plays,
            torch.cat([scene_views(self._chips[chosen], self._drawn), parts]),
            torch.from_numpy(self._scenes[chosen]),
        )
