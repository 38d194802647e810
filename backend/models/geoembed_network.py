"""GeoEmbed v3 in torch: a ResNet-18 whose first stage works at full resolution, pooled 4 x 4 into 256 numbers.

The weights are those of the package `geoembed` (MIT), file `v3.npz`; the code here is our own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

BASE, SIDE, POOLED, SIZE = 64, 128, 4, 256


class Block(nn.Module):
    """Two 3 x 3 convolutions and a shortcut."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.short = nn.Sequential()
        if stride > 1 or inside != outside:
            self.short = nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        """Return features at the block's stride."""
        hidden = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(hidden)) + self.short(x))


class Body(nn.Module):
    """Stem and four stages of two blocks at strides 1, 2, 4 and 8."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, BASE, 3, 1, 1, bias=False), nn.BatchNorm2d(BASE), nn.ReLU())
        widths = [BASE, BASE, 2 * BASE, 4 * BASE, 8 * BASE]
        for stage in range(4):
            first = Block(widths[stage], widths[stage + 1], 1 if stage == 0 else 2)
            second = Block(widths[stage + 1], widths[stage + 1], 1)
            self.add_module(f"layer{stage + 1}", nn.Sequential(first, second))

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, 512, h / 8, w / 8)."""
        for part in self.children():
            x = part(x)
        return x


class GeoEmbedNetwork(nn.Module):
    """(n, 3, 128, 128) of values -1..1 to unit vectors (n, 256)."""

    def __init__(self) -> None:
        super().__init__()
        self.bb = Body()
        self.fc = nn.Linear(8 * BASE * POOLED * POOLED, SIZE)

    def forward(self, image: Tensor) -> Tensor:
        """Return unit vectors."""
        pooled = nn.functional.avg_pool2d(self.bb(image), SIDE // 8 // POOLED)
        vector: Tensor = self.fc(pooled.flatten(1))
        unit: Tensor = vector / vector.norm(dim=1, keepdim=True).clamp_min(1e-8)
        return unit


def from_npz(path: Path) -> GeoEmbedNetwork:
    """Return the network with the weights of the package's `v3.npz`. Raises KeyError, RuntimeError for another file."""
    network = GeoEmbedNetwork()
    with np.load(path, allow_pickle=False) as arrays:
        state = {key: torch.from_numpy(arrays[key]) for key in network.state_dict() if not key.endswith("tracked")}
    state["fc.weight"] = state["fc.weight"].T.contiguous()
    network.load_state_dict(state, strict=False)
    return network.eval()
