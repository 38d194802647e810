"""What Mini does with its fused features: follow clicks, and meet words."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.models.mini_backbone import DETAIL
from backend.models.mini_fusion import WIDTHS

MAPS = 8
SIMILARITY = 32
TEXT, HIDDEN = 384, 64
CANDIDATES = 3
COARSE, FINE = 64, 40


class ClickFeatures(nn.Module):
    """The part of the click head that needs no prompt, run once a crop."""

    def __init__(self) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(WIDTHS[1], COARSE, 3, 1, 1)
        self.fine = nn.Conv2d(WIDTHS[0], FINE, 1)
        self.detail = nn.Conv2d(DETAIL, FINE, 4, 2, 1)
        self.similar = nn.Conv2d(WIDTHS[0], SIMILARITY, 1)

    def forward(self, detail: Tensor, levels: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return coarse (64, stride 8), fine (40, stride 4) and unit similarity features (32, stride 4)."""
        similar = self.similar(levels[0])
        similar = similar / similar.norm(dim=1, keepdim=True).clamp_min(1e-4)
        return self.coarse(levels[1]), self.fine(levels[0]) + self.detail(detail), similar


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())


class ClickDecoder(nn.Module):
    """Prompt maps and click features to three candidate masks (stride 2); expected IoU of each and of their mean."""

    def __init__(self) -> None:
        super().__init__()
        self.coarse_maps = nn.Conv2d(MAPS, COARSE, 3, 1, 1)
        self.fine_maps = nn.Conv2d(MAPS, FINE, 3, 1, 1)
        self.in8 = nn.Sequential(nn.BatchNorm2d(COARSE), nn.ReLU())
        self.to16 = nn.Sequential(_block(COARSE, 64, 2), _block(64, 64))
        self.to32 = nn.Sequential(_block(64, 96, 2), _block(96, 96), _block(96, 96))
        self.up16 = nn.Conv2d(96, 64, 1)
        self.mix16 = _block(64, 64)
        self.up8 = nn.Conv2d(64, COARSE, 1)
        self.mix8 = _block(COARSE, COARSE)
        self.up4 = nn.Conv2d(COARSE, FINE, 1)
        self.in4 = nn.Sequential(nn.BatchNorm2d(FINE), nn.ReLU())
        self.mix4 = nn.Sequential(_block(FINE, FINE), _block(FINE, FINE))
        self.out = nn.Conv2d(FINE, CANDIDATES * 4, 3, 1, 1)
        self.score = nn.Sequential(nn.Linear(COARSE + 2, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, coarse: Tensor, fine: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (n, 3, 2h, 2w) for `fine` of (n, 40, h, w), and IoU estimates (n, 4), the mean's last."""
        at8 = self.in8(coarse + self.coarse_maps(nn.functional.avg_pool2d(maps, 2)))
        at16 = self.to16(at8)
        at16 = self.mix16(at16 + _double(self.up16(self.to32(at16))))
        at8 = self.mix8(at8 + _double(self.up8(at16)))
        at4 = self.in4(fine + self.fine_maps(maps) + _double(self.up4(at8)))
        logits = nn.functional.pixel_shuffle(self.out(self.mix4(at4)), 2)
        return logits, self._expected(at8, torch.cat([logits, logits.mean(1, keepdim=True)], 1))

    def _expected(self, at8: Tensor, logits: Tensor) -> Tensor:
        inside = torch.sigmoid(nn.functional.avg_pool2d(logits, 4))
        mass = inside.sum((2, 3)) + 1e-3
        seen = torch.einsum("nkhw,nchw->nkc", inside, at8) / mass[:, :, None]
        sure = (inside * inside).sum((2, 3)) / mass
        size = torch.log(mass / inside.shape[2] / inside.shape[3])
        return torch.sigmoid(self.score(torch.cat([seen, sure[:, :, None], size[:, :, None]], 2)))[:, :, 0]


class TextHead(nn.Module):
    """Dense features in the space of MiniLM's sentence vectors, with the scale and bias of a sigmoid over cosines.

    The 384 numbers of a pixel are `weight @ hidden`; cosines with phrases and the norm come from the 64 hidden ones,
    so no map of 384 channels is ever made.
    """

    def __init__(self) -> None:
        super().__init__()
        self.widen = nn.Conv2d(WIDTHS[0] + WIDTHS[1], HIDDEN, 1)
        self.mix = nn.Conv2d(HIDDEN, HIDDEN, 3, 1, 1, groups=4)
        self.weight = nn.Parameter(torch.randn(TEXT, HIDDEN) / HIDDEN**0.5)
        self.scale = nn.Parameter(torch.tensor(2.5))
        self.bias = nn.Parameter(torch.tensor(-4.0))

    def forward(self, levels: list[Tensor]) -> Tensor:
        """Return hidden features (n, 64, h, w) at stride 4, scaled so that their 384 numbers have unit length."""
        widened = torch.relu(self.widen(torch.cat([levels[0], _double(levels[1])], 1)))
        return self.unit(widened + self.mix(widened))

    def unit(self, hidden: Tensor) -> Tensor:
        """Scale hidden features so that `weight @ hidden` has unit length."""
        gram = (self.weight.T @ self.weight)[:, :, None, None]
        length = (nn.functional.conv2d(hidden, gram) * hidden).sum(1, keepdim=True)
        return hidden * torch.rsqrt(length.clamp_min(1e-6))

    def logits(self, hidden: Tensor, phrases: Tensor) -> Tensor:
        """Return how strongly each pixel is each phrase, (n, phrases, h, w); above 0 means yes."""
        cosine = nn.functional.conv2d(hidden, (phrases @ self.weight)[:, :, None, None])
        return cosine * torch.exp(self.scale) + self.bias


def _double(x: Tensor) -> Tensor:
    return nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")
