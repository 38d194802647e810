"""What teaches an upsampler without labels: the same features must come out of views of one picture.

After FeatUp (arXiv:2403.10516) and SimFeatUp (arXiv:2410.01768): large features, moved as a view was and made small by
a learned attention, should be the extractor's features of that view; a small network must be able to paint the view
from them, which keeps its content in.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

LARGEST_ZOOM, SHIFT = 2.0, 0.09
PROJECTED = 30
PAINT_SHARE = 0.1
LEAST_SCALE = 1e-4
BLUR = (1.0, 4.0, 6.0, 4.0, 1.0)


class Downsampler(nn.Module):
    """Each cell is a mean of its `factor` x `factor` pixels, weighted by an attention that looks at what they hold."""

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__()
        self.factor = factor
        self.attention = nn.Sequential(nn.Dropout(0.2), nn.Conv2d(channels, 1, 1))
        self.gain = nn.Parameter(1 + 0.01 * torch.randn(factor**2, 1, 1))
        self.offset = nn.Parameter(0.01 * torch.randn(factor**2, 1, 1))
        kernel = torch.tensor(BLUR)[:, None] * torch.tensor(BLUR)[None]
        self.register_buffer("kernel", (kernel / kernel.sum()).view(1, 1, 5, 5), persistent=False)

    def forward(self, large: Tensor) -> Tensor:
        """Return (1, channels, h / factor, w / factor)."""
        looked = nn.functional.pixel_unshuffle(self.attention(self._blurred(large)), self.factor)
        weights = torch.softmax(looked * self.gain + self.offset, 1)
        parts = nn.functional.pixel_unshuffle(large, self.factor)
        parts = parts.view(1, large.shape[1], -1, *parts.shape[-2:])
        return torch.sum(parts * weights[:, None], 2)

    def _blurred(self, large: Tensor) -> Tensor:
        kernel = self.get_buffer("kernel").expand(large.shape[1], 1, 5, 5)
        return nn.functional.conv2d(nn.functional.pad(large, [2] * 4, "reflect"), kernel, groups=large.shape[1])


class Teaching(nn.Module):
    """The networks that are needed for training only."""

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__()
        self.down = Downsampler(channels, factor)
        self.scale = nn.Conv2d(channels, 1, 1)
        for parameter, value in zip(self.scale.parameters(), (0.0, 0.1), strict=True):
            nn.init.constant_(parameter, value)
        self.widen, self.norm = nn.Conv2d(channels, channels, 1), nn.LayerNorm(channels)
        self.paint = nn.Conv2d(channels, 3, 1)

    def forward(self, large: Tensor, view: Tensor, seen: Tensor) -> Tensor:
        """Return the loss of features moved as `view` (1, 3, h, w; 0 to 255) is, whose own features are `seen`."""
        direction = torch.randn(PROJECTED, large.shape[1], 1, 1, device=large.device) / large.shape[1] ** 0.5
        wrong = nn.functional.conv2d(self.down(large) - seen, direction).square()
        scale = self.scale(seen).exp().clamp_min(LEAST_SCALE)
        features = torch.mean(wrong / (2 * scale**2) + scale.log())
        painted = nn.functional.mse_loss(self.painted(large), view / 127.5 - 1)
        return torch.add(features, painted, alpha=PAINT_SHARE)

    def painted(self, large: Tensor) -> Tensor:
        """Return the picture (1, 3, h, w), -1 to 1, that the features hold."""
        hidden = self.norm(self.widen(large).movedim(1, -1)).movedim(-1, 1)
        return torch.tanh(self.paint(nn.functional.gelu(hidden)))


def view_grid(side: int, drawn: np.random.Generator) -> Tensor:
    """Return where the pixels of a random view lie, (1, side, side, 2) for `moved`: zoomed in, shifted, mirrored."""
    half = 1 / drawn.uniform(1, LARGEST_ZOOM)
    middle = drawn.uniform(-1, 1, 2) * (1 - half + SHIFT)
    mirror = drawn.choice([-1, 1])
    theta = torch.tensor([[half * mirror, 0, middle[0]], [0, half, middle[1]]], dtype=torch.float32)
    return nn.functional.affine_grid(theta[None], [1, 1, side, side], align_corners=False)


def moved(values: Tensor, grid: Tensor) -> Tensor:
    """Return (1, channels, side, side) as a view shows it, mirrored at the edges."""
    return nn.functional.grid_sample(values, grid.to(values.device), padding_mode="reflection", align_corners=False)
