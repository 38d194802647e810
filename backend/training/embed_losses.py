"""The embedding's terms: the same place at two scales agrees (InfoNCE), and scenes of one class lie together."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from backend.models.mini_fusion import EMBEDDING
from backend.training.crops import lit

CHIP = 96
TEMPERATURE = 0.1


class SceneClassifier(nn.Module):
    """Cosine classifier used while training only."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, EMBEDDING) * 0.1)

    def forward(self, vectors: Tensor) -> Tensor:
        """Return logits (n, classes)."""
        return 16 * vectors @ nn.functional.normalize(self.weight, dim=1).T


def view(pixels: Tensor, drawn: np.random.Generator, least: float) -> Tensor:
    """Return a part of (3, h, w) at another scale, turned and lit anew, as (3, CHIP, CHIP)."""
    height = pixels.shape[1]
    side = int(height * drawn.uniform(least, 1.0))
    top, left = (int(drawn.integers(height - side + 1)) for _ in range(2))
    part = torch.rot90(pixels[:, top : top + side, left : left + side], int(drawn.integers(4)), (1, 2))
    part = part.flip(2) if drawn.integers(2) else part
    size = (CHIP, CHIP)
    part = nn.functional.interpolate(part[None], size, mode="bilinear", antialias=side > CHIP, align_corners=False)
    return lit(part, drawn)[0]


def scene_views(chips: NDArray[np.uint8], drawn: np.random.Generator) -> Tensor:
    """Return two views of every chip, (2n, 3, CHIP, CHIP): first views, then second ones at a smaller scale."""
    pixels = torch.from_numpy(chips).permute(0, 3, 1, 2).float()
    return torch.stack([view(p, drawn, least) for least in (0.85, 0.5) for p in pixels])


def contrast(first: Tensor, second: Tensor) -> Tensor:
    """Return InfoNCE of matching rows, both ways."""
    logits = first @ second.T / TEMPERATURE
    target = torch.arange(len(first), device=first.device)
    return (nn.functional.cross_entropy(logits, target) + nn.functional.cross_entropy(logits.T, target)) / 2
