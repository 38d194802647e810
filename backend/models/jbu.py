"""Joint bilateral upsampling of features, guided by the picture: FeatUp's stack and SimFeatUp's single module.

Fu et al., FeatUp, ICLR 2024 (arXiv:2403.10516): four modules of 7 x 7 neighbours. Li et al., SegEarth-OV, CVPR 2025
(arXiv:2410.01768): one module of 11 x 11 neighbours, used four times. Names of parameters are those of the published
weights. Neighbours are summed one shift after another: unfolding them would take 12 GB for 224 x 224 x 512.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .jbu_shifts import reflected, shifts, weighted_sum

WIDTH = 32
GUIDES = 3
FIXED_SHARE = 0.1
STEPS = 4
BICUBIC = 2
COOLEST, HOTTEST, SMALLEST = 1e-4, 1e4, 1e-7


class Step(nn.Module):
    """Doubles the resolution: each pixel is a mean of its neighbours, weighted by nearness and likeness."""

    def __init__(self, radius: int) -> None:
        super().__init__()
        self.side = 2 * radius + 1
        count = self.side**2
        self.range_temp = nn.Parameter(torch.tensor(0.0))
        self.sigma_spatial = nn.Parameter(torch.tensor(1.0))
        self.range_proj = _pointwise(GUIDES, WIDTH, WIDTH)
        self.fixup_proj = _pointwise(count + GUIDES, count, count)

    def forward(self, source: Tensor, guide: Tensor) -> Tensor:
        """Return `source` (1, channels, h, w) at the size of `guide` (1, 3, 2h, 2w)."""
        larger = nn.functional.interpolate(source, scale_factor=2.0, mode="bicubic", align_corners=False)
        return weighted_sum(reflected(larger, self.side), self.kernel(guide), self.side)

    def kernel(self, guide: Tensor) -> Tensor:
        """Return the neighbours' weights (1, side * side, height, width), rows of neighbours first."""
        weights = self._likeness(guide) * self._nearness()
        weights = weights / weights.sum(1, keepdim=True).clamp(SMALLEST)
        fixed: Tensor = self.fixup_proj(torch.cat([weights, guide], 1))
        return weights + FIXED_SHARE * fixed

    def _likeness(self, guide: Tensor) -> Tensor:
        projected = self.range_proj(guide)
        found = [(projected * near).sum(1) for near in shifts(reflected(projected, self.side), self.side)]
        temperature = self.range_temp.exp().clamp(COOLEST, HOTTEST)
        return torch.softmax(temperature * torch.stack(found, 1), 1)

    def _nearness(self) -> Tensor:
        place = torch.linspace(-1, 1, self.side, device=self.sigma_spatial.device)
        squared = place[:, None] ** 2 + place[None] ** 2
        return torch.exp(-squared / (2 * self.sigma_spatial**2)).view(1, -1, 1, 1)


class Upsampler(nn.Module):
    """Features (1, channels, h, w) and a normalised picture to features of up to 16 times the resolution.

    `shared` takes one module for all steps (SimFeatUp), else each has its own (FeatUp).
    """

    def __init__(self, channels: int, radius: int, shared: bool, steps: int = STEPS) -> None:
        super().__init__()
        self.channels, self.radius, self.shared = channels, radius, shared
        self.steps = ("up",) * steps if shared else tuple(f"up{number}" for number in range(1, steps + 1))
        for name in dict.fromkeys(self.steps):
            self.add_module(name, Step(radius))
        self.fixup_proj = nn.Sequential(nn.Dropout2d(0.2), nn.Conv2d(channels, channels, 1))

    def forward(self, source: Tensor, picture: Tensor, steps: int | None = None) -> Tensor:
        """Return (1, channels, h * 2**steps, w * 2**steps), guided by `picture` (1, 3, height, width)."""
        names = self.steps[:steps]
        height, width = (int(length) for length in source.shape[-2:])
        for number, name in enumerate(names, start=1):
            guide = shrunk(picture, (height << number, width << number))
            source = self.get_submodule(name)(source, guide)
        fixed: Tensor = self.fixup_proj(source)
        return source + FIXED_SHARE * fixed

    def reach(self, steps: int | None = None) -> int:
        """Return how many places of the source away a place can count in the result."""
        names = self.steps[:steps]
        return math.ceil(sum((BICUBIC + self.radius / 2) / (1 << number) for number in range(len(names))))


def shrunk(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """Return the picture's area means at `size`."""
    ratios = [int(picture.shape[axis]) / length for axis, length in zip((-2, -1), size, strict=True)]
    if not all(ratio.is_integer() for ratio in ratios):
        return nn.functional.adaptive_avg_pool2d(picture, size)
    down, across = (int(ratio) for ratio in ratios)
    # the same means; a traced graph with fixed windows takes pictures of any size
    return picture if down == across == 1 else nn.functional.avg_pool2d(picture, (down, across))


def _pointwise(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, hidden, 1), nn.GELU(), nn.Dropout2d(0.1), nn.Conv2d(hidden, outputs, 1))
