"""The network that paints what an enlarged picture lacks, in torch: MetaEarth's design (arXiv:2405.13570), small.

One network serves all stages: the ground resolution is told to it. The low-resolution picture is encoded by dense
residual blocks (as RRDBNet has), enlarged and laid beside the noisy picture; time and resolution are sinusoids through
an MLP each, added up. Nothing looks at statistics of a window, so that what it paints depends on what is near alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

SCALE = 4
"""Pixels of a stage along one of the picture before."""
GAIN = 6.0
"""What an enlarged picture (-1 to 1) lacks is multiplied by this, for a variance near that of noise."""
FASTEST = 10_000.0


@dataclass(frozen=True)
class GeneratorConfig:
    """Sizes of the network.

    Attributes:
        widths: channels at each level, the finest first; a level has half the resolution of the one before.
        blocks: residual blocks at each level on the way down.
        fold: pixels along the side of a cell of the finest level.
        encoder: channels of the encoder of the low-resolution picture, and how many of its blocks.
        extra: further maps at full resolution that lie beside the noisy picture, such as labels.
        attends: levels with self-attention (none in the small one: it would see the whole window).
    """

    widths: tuple[int, ...] = (48, 96, 128)
    blocks: tuple[int, ...] = (1, 2, 3)
    fold: int = 2
    encoder: tuple[int, int] = (32, 3)
    embedding: int = 128
    extra: int = 0
    attends: tuple[int, ...] = ()


SMALL = GeneratorConfig()
FAITHFUL = GeneratorConfig((384, 768, 1280, 1664), (3, 3, 3, 3), 1, (64, 23), 1024, 0, (2, 3))
"""Of the size that the paper tells: over 600 million parameters."""


class Generator(nn.Module):
    """Predicts the noise in a picture."""

    def __init__(self, config: GeneratorConfig = SMALL) -> None:
        super().__init__()
        self.config = config
        width, fold = config.embedding, config.fold
        self.time, self.ground = _embedder(width), _embedder(width)
        self.encoder = Encoder(*config.encoder)
        folded = (3 + config.extra) * fold * fold
        self.enter = nn.Conv2d(folded + config.encoder[0], config.widths[0], 3, padding=1)
        self.down, self.coarser = nn.ModuleList(), nn.ModuleList()
        for level, (channels, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            self.down.append(_Level(channels, channels, count, width, level in config.attends))
            if level + 1 < len(config.widths):
                self.coarser.append(nn.Conv2d(channels, config.widths[level + 1], 3, stride=2, padding=1))
        self.up, self.finer = nn.ModuleList(), nn.ModuleList()
        for level in range(len(config.widths) - 2, -1, -1):
            channels = config.widths[level]
            self.finer.append(nn.Conv2d(config.widths[level + 1], channels, 3, padding=1))
            self.up.append(_Level(2 * channels, channels, config.blocks[level] + 1, width, level in config.attends))
        self.leave = nn.Conv2d(config.widths[0], 3 * fold * fold, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def forward(self, noisy: Tensor, low: Tensor, step: Tensor, metres: Tensor, extra: Tensor | None = None) -> Tensor:
        """Return the noise (n, 3, h, w) in `noisy`.

        Args:
            noisy: (n, 3, h, w), sides multiples of `fold` times two to the number of levels less one, and of `SCALE`.
            low: the picture before, (n, 3, h / 4, w / 4), -1 to 1.
            step: of the schedule, (n,).
            metres: side of a pixel of the result on the ground, (n,).
            extra: (n, extra, h, w).
        """
        return self.denoise(noisy, self.shown(low), step, metres, extra)

    def shown(self, low: Tensor) -> Tensor:
        """Return the encoded picture before (n, channels, 4 h / fold, 4 w / fold): the same for all steps."""
        return F.interpolate(self.encoder(low), scale_factor=float(SCALE // self.config.fold), mode="bilinear")

    def denoise(
        self, noisy: Tensor, shown: Tensor, step: Tensor, metres: Tensor, extra: Tensor | None = None
    ) -> Tensor:
        """Return what `forward` does, of a picture before that is encoded already."""
        told = self.time(sinusoids(step, self.config.embedding))
        told = told + self.ground(sinusoids(100 * torch.log(metres), self.config.embedding))
        told = F.silu(told)
        here = noisy if extra is None else torch.cat([noisy, extra], 1)
        here = F.pixel_unshuffle(here, self.config.fold)
        here = self.enter(torch.cat([here, shown], 1))
        kept: list[Tensor] = []
        for level, block in enumerate(self.down):
            here = block(here, told)
            if level < len(self.coarser):
                kept.append(here)
                here = self.coarser[level](here)
        for finer, block in zip(self.finer, self.up, strict=True):
            here = finer(F.interpolate(here, scale_factor=2.0, mode="nearest"))
            here = block(torch.cat([here, kept.pop()], 1), told)
        found: Tensor = F.pixel_shuffle(self.leave(here), self.config.fold)
        return found


class Encoder(nn.Module):
    """The low-resolution picture as features of its own size: dense residual blocks (ESRGAN, arXiv:1809.00219)."""

    def __init__(self, width: int, blocks: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(_Dense(width) for _ in range(blocks))

    def forward(self, low: Tensor) -> Tensor:
        """Return (n, width, h, w) of a picture (n, 3, h, w), -1 to 1."""
        here: Tensor = self.enter(low)
        for block in self.blocks:
            here = block(here)
        return here


class _Dense(nn.Module):
    """Convolutions that each see all before them; a fifth of what they find is added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        grown = width // 2
        self.convs = nn.ModuleList(
            nn.Conv2d(width + index * grown, grown if index < 3 else width, 3, padding=1) for index in range(4)
        )

    def forward(self, here: Tensor) -> Tensor:
        seen = [here]
        for conv in self.convs[:-1]:
            seen.append(F.leaky_relu(conv(torch.cat(seen, 1)), 0.2))
        found: Tensor = here + 0.2 * self.convs[-1](torch.cat(seen, 1))
        return found


class _Level(nn.Module):
    def __init__(self, entering: int, width: int, count: int, told: int, attends: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(_Block(entering if index == 0 else width, width, told) for index in range(count))
        self.attention = _Attention(width) if attends else None

    def forward(self, here: Tensor, told: Tensor) -> Tensor:
        for block in self.blocks:
            here = block(here, told)
        return here if self.attention is None else self.attention(here)


class _Block(nn.Module):
    """Two convolutions; time and resolution scale and shift between them."""

    def __init__(self, entering: int, width: int, told: int) -> None:
        super().__init__()
        self.first_norm, self.second_norm = _Norm(entering), _Norm(width)
        self.first = nn.Conv2d(entering, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.told = nn.Linear(told, 2 * width)
        self.shortcut = nn.Conv2d(entering, width, 1) if entering != width else nn.Identity()
        nn.init.zeros_(self.second.weight)

    def forward(self, here: Tensor, told: Tensor) -> Tensor:
        scale, shift = self.told(told)[:, :, None, None].chunk(2, 1)
        found = self.second_norm(self.first(F.silu(self.first_norm(here)))) * (1 + scale) + shift
        added: Tensor = self.shortcut(here) + self.second(F.silu(found))
        return added


class _Norm(nn.Module):
    """Each place's channels at one mean square: no statistics of a window."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, width, 1, 1))

    def forward(self, here: Tensor) -> Tensor:
        return here * torch.rsqrt(here.square().mean(1, keepdim=True) + 1e-6) * self.gain


class _Attention(nn.Module):
    def __init__(self, width: int, head: int = 64) -> None:
        super().__init__()
        self.norm, self.head = _Norm(width), head
        self.qkv, self.out = nn.Conv2d(width, 3 * width, 1), nn.Conv2d(width, width, 1)

    def forward(self, here: Tensor) -> Tensor:
        n, width, rows, columns = here.shape
        found = self.qkv(self.norm(here)).reshape(n, 3, width // self.head, self.head, rows * columns)
        query, key, value = (part.transpose(-1, -2) for part in found.unbind(1))
        mixed = F.scaled_dot_product_attention(query, key, value).transpose(-1, -2).reshape(n, width, rows, columns)
        added: Tensor = here + self.out(mixed)
        return added


def sinusoids(values: Tensor, width: int) -> Tensor:
    """Return (n, width) sines and cosines of `values` (n,), as the Transformer tells positions (arXiv:1706.03762)."""
    half = width // 2
    rates = torch.exp(-math.log(FASTEST) * torch.arange(half, device=values.device, dtype=torch.float32) / half)
    angles = values.float()[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)


def _embedder(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
