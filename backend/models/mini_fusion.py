"""BIM and SFM of the brief: scales that inform each other both ways, and a gate that weighs them into one vector."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.models.mini_backbone import CHANNELS

WIDTHS = (48, 80, 96, 128)
EMBEDDING = 256


class Interaction(nn.Module):
    """BIM: top-down (meaning into detail), then bottom-up (place into meaning), over four strides."""

    def __init__(self) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(i, o, 1) for i, o in zip(CHANNELS, WIDTHS, strict=True))
        self.down = nn.ModuleList(nn.Conv2d(WIDTHS[k + 1], WIDTHS[k], 1) for k in range(3))
        self.up = nn.ModuleList(nn.Conv2d(WIDTHS[k], WIDTHS[k + 1], 3, 2, 1) for k in range(3))
        self.mix = nn.ModuleList(nn.Conv2d(w, w, 3, 1, 1) for w in WIDTHS)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """Four backbone features, finest first, to four of `WIDTHS` channels at the same strides."""
        levels = [lateral(f) for lateral, f in zip(self.lateral, features, strict=True)]
        for k in (2, 1, 0):
            levels[k] = levels[k] + nn.functional.interpolate(
                self.down[k](levels[k + 1]), scale_factor=2.0, mode="nearest"
            )
        fused = [torch.relu(self.mix[0](torch.relu(levels[0])))]
        for k in range(3):
            below = torch.relu(levels[k + 1] + self.up[k](fused[k]))
            fused.append(below + torch.relu(self.mix[k + 1](below)))
        return fused


class Gate(nn.Module):
    """SFM: pool every scale, let an MLP weigh the scales (weights sum to 1), add them up to one unit vector."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS, deep: int = CHANNELS[-1]) -> None:
        super().__init__()
        self.project = nn.ModuleList(nn.Linear(w, EMBEDDING) for w in (*widths[:3], widths[3] + deep))
        self.gate = nn.Sequential(nn.Linear(sum(widths) + deep, 64), nn.ReLU(), nn.Linear(64, 4))

    def forward(self, levels: list[Tensor], deepest: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit embeddings (n, 256) and the weights of the scales (n, 4), finest first."""
        return self.fuse(self.pool(levels, deepest))

    def pool(self, levels: list[Tensor], deepest: Tensor) -> list[Tensor]:
        """Return the means of every scale; the coarsest also has the backbone's own."""
        pooled = [level.mean((2, 3)) for level in levels]
        return [*pooled[:3], torch.cat([pooled[3], deepest.mean((2, 3))], 1)]

    def fuse(self, pooled: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Return unit embeddings and weights of pooled scales."""
        weights = torch.softmax(self.gate(torch.cat(pooled, 1)), 1)
        vectors = torch.stack([project(p) for project, p in zip(self.project, pooled, strict=True)], 1)
        fused = (weights[:, :, None] * vectors).sum(1)
        return fused / fused.norm(dim=1, keepdim=True).clamp_min(1e-6), weights
