"""The pixel decoder: a projected phrase meets Mini's features at four scales, and learned weights add the scales up.

Of GeoMag (Ma et al., arXiv 2507.05887) the sum over scales with learned weights, of GeoPixel (Shabbir et al., arXiv
2501.13925) the projection Linear, ReLU, Linear. All that sees pixels is done before a phrase is known.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.models.mini_fusion import WIDTHS
from backend.models.mini_heads import FINE, TEXT

STRIDES = (2, 8, 16, 32)
HIDDEN, SHARED, QUERY = 64, 32, 256
FINEST = 2
SHIFTS = (-2.0, 0.8)
"""Logits: how far a phrase's bias may lie from that of all."""


class PixelDecoder(nn.Module):
    """Features of four scales, unit length each, and phrases as what they are compared with."""

    def __init__(self) -> None:
        super().__init__()
        widths = (WIDTHS[0] + FINE, *WIDTHS[1:])
        self.enter = nn.ModuleList(nn.Conv2d(width, HIDDEN, 1) for width in widths)
        self.mix = nn.ModuleList(Mix(HIDDEN) for _ in widths)
        self.last = Mix(HIDDEN)
        self.finest = nn.Conv2d(HIDDEN // FINEST**2, SHARED, 3, 1, 1)
        self.leave = nn.ModuleList(nn.Conv2d(HIDDEN, SHARED, 1) for _ in widths[1:])
        self.project = nn.Sequential(nn.Linear(TEXT, QUERY), nn.ReLU())
        self.query = nn.Linear(QUERY, SHARED)
        self.weigh = nn.Linear(QUERY, len(STRIDES))
        self.scale = nn.Parameter(torch.tensor(2.5))
        self.bias = nn.Parameter(torch.tensor(-2.0))
        self.known = nn.Linear(QUERY, 1).requires_grad_(False)
        nn.init.zeros_(self.known.weight)
        nn.init.zeros_(self.known.bias)

    def scales(self, level4: Tensor, fine: Tensor, level8: Tensor, level16: Tensor, level32: Tensor) -> list[Tensor]:
        """Return what each scale holds for a place, (n, 32, h, w) of unit length, at strides 2, 8, 16 and 32.

        The finest is drawn at stride 2, as the click decoder's masks are: a crown is but a few cells of stride 4.
        """
        levels = (torch.cat([level4, fine], 1), level8, level16, level32)
        entered = [torch.relu(enter(level)) for enter, level in zip(self.enter, levels, strict=True)]
        mixed = [self.mix[3](entered[3])]
        for k in (2, 1, 0):
            mixed.insert(0, self.mix[k](entered[k] + _larger(mixed[0], 2)))
        finest = nn.functional.pixel_shuffle(self.last(mixed[0]), FINEST)
        coarser = (leave(level) for leave, level in zip(self.leave, mixed[1:], strict=True))
        return [_unit(self.finest(finest)), *(_unit(level) for level in coarser)]

    def features(self, *levels: Tensor) -> Tensor:
        """Return (n, 4 * 32, h, w) at stride 2: `scales`, brought to one size."""
        found = self.scales(*levels)
        return torch.cat([_brought(units, stride) for units, stride in zip(found, STRIDES, strict=True)], 1)

    def queries(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Return what features are compared with (n, 4 * 32 + 1), the bias last, and the scales' weights (n, 4).

        `sentences` are unit vectors (n, 384). The weights sum to 1.
        """
        hidden = self.project(sentences)
        query = _unit(self.query(hidden))
        weights = torch.softmax(self.weigh(hidden), 1)
        weighted = (weights[:, :, None] * query[:, None] * torch.exp(self.scale)).flatten(1)
        return torch.cat([weighted, self.bias + self.known(hidden).clamp(*SHIFTS)], 1), weights

    def logits(self, scales: list[Tensor], queries: Tensor) -> Tensor:
        """Return how strongly each place is each phrase, (n, phrases, h, w) at stride 2; above 0 means yes.

        Linear interpolation and products with phrases may change places: `features` first gives the same.
        """
        parts = queries[:, :-1].reshape(len(queries), len(STRIDES), SHARED, 1, 1).unbind(1)
        summed = [
            _brought(nn.functional.conv2d(units, part), stride)
            for units, part, stride in zip(scales, parts, STRIDES, strict=True)
        ]
        return torch.stack(summed).sum(0) + queries[:, -1, None, None]


class Mix(nn.Module):
    """A residual block: what a place holds, and what its neighbours add."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(width, width, 3, 1, 1)
        self.join = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return features (n, width, h, w) like `x`."""
        joined: Tensor = self.join(torch.relu(self.near(x)))
        return torch.relu(x + joined)


def _unit(x: Tensor) -> Tensor:
    return x * torch.rsqrt((x * x).sum(1, keepdim=True).clamp_min(1e-6))


def _brought(x: Tensor, stride: int) -> Tensor:
    return x if stride == FINEST else _larger(x, stride // FINEST)


def _larger(x: Tensor, factor: int) -> Tensor:
    return nn.functional.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)
