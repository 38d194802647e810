"""ChangeStar(1x256): SAM's encoder, FarSeg's relations of scene and places, and one head for both times.

Zheng et al., ICCV 2021 (arXiv:2108.07002) and Changen2, TPAMI 2025. Names are those of the published weights but for
SAM's encoder, which is transformers' (`changestar_keys`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from transformers import SamVisionConfig, SamVisionModel

from .channel_norm import ChannelNorm

WIDTH = 256
STRIDE = 4
"""Pixels along one of the places that the head sees."""
LEVELS = 4


@dataclass(frozen=True)
class ChangeStarConfig:
    """Sizes of the network.

    Attributes:
        hidden, depth: of SAM's encoder, whose heads are 64 wide; `attends`: its blocks that see everything.
        side: of the pictures its positions are for; others get them interpolated.
        classes, changes: maps of the head.
    """

    hidden: int = 768
    depth: int = 12
    attends: tuple[int, ...] = (2, 5, 8, 11)
    side: int = 1024
    classes: int = 1
    changes: int = 1


VIT_B = ChangeStarConfig()
VIT_L = ChangeStarConfig(1024, 24, (5, 11, 17, 23))


class ChangeStar(nn.Module):
    """Two pictures to what changed and what there was and is."""

    def __init__(self, config: ChangeStarConfig = VIT_B) -> None:
        super().__init__()
        self.config = config
        self.encoder = _Encoder(config)
        self.head = _Head(config)

    def forward(self, before: Tensor, after: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits (n, changes, h, w), (n, classes, h, w) and (n, classes, h, w) of changes, before and after.

        Pictures are (n, 3, h, w), normalised, of sides that are multiples of 32.
        """
        # one after the other: attention over all of a picture takes most of the memory
        found: tuple[Tensor, Tensor, Tensor] = self.head(self.encoder(before), self.encoder(after))
        return found


class _Encoder(nn.Module):
    def __init__(self, config: ChangeStarConfig) -> None:
        super().__init__()
        self.vit: Any = SamVisionModel(_vision(config)).vision_encoder
        self.sfp = _Pyramid(WIDTH)
        self.farseg = _FarSeg(WIDTH)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return features (n, width, h / 4, w / 4)."""
        levels = self.sfp(self._seen(pixels.to(self.vit.pos_embed.dtype)).float())
        found: Tensor = self.farseg(levels)
        return found

    def _seen(self, pixels: Tensor) -> Tensor:
        """Return what SAM's encoder sees in pictures of any side, (n, width, h / 16, w / 16)."""
        here = self.vit.patch_embed.projection(pixels).permute(0, 2, 3, 1)
        here = here + _resized(self.vit.pos_embed, (here.shape[1], here.shape[2]))
        for layer in self.vit.layers:
            here = layer(here)
        found: Tensor = self.vit.neck(here)
        return found


class _Pyramid(nn.Module):
    """Maps of strides 4, 8, 16 and 32 of one of stride 16 (ViTDet, arXiv:2203.16527)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        half, quarter = width // 2, width // 4
        twice = nn.ConvTranspose2d(width, half, 2, 2), ChannelNorm(half), nn.GELU()
        self.simfp_2 = nn.Sequential(*twice, nn.ConvTranspose2d(half, quarter, 2, 2), *_pointwise(quarter, width))
        self.simfp_3 = nn.Sequential(nn.ConvTranspose2d(width, half, 2, 2), *_pointwise(half, width))
        self.simfp_4 = nn.Sequential(*_pointwise(width, width))
        self.simfp_5 = nn.Sequential(nn.MaxPool2d(2, 2), *_pointwise(width, width))

    def forward(self, here: Tensor) -> list[Tensor]:
        return [stage(here) for stage in (self.simfp_2, self.simfp_3, self.simfp_4, self.simfp_5)]


class _FarSeg(nn.Module):
    """Levels to one map: each place's features weighed by what they have to do with the scene."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fpn, self.fsr, self.dec = _TopDown(width), _Relation(width), _Decoder(width)

    def forward(self, levels: list[Tensor]) -> Tensor:
        scene = levels[-1].mean((2, 3), keepdim=True)
        found: Tensor = self.dec(self.fsr(scene, self.fpn(levels)))
        return found


class _TopDown(nn.Module):
    """A feature pyramid (arXiv:1612.03144)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        for level in range(1, LEVELS + 1):
            self.add_module(f"fpn_inner{level}", nn.Sequential(nn.Conv2d(width, width, 1, bias=False)))
            self.add_module(f"fpn_layer{level}", nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False)))

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        found: list[Tensor] = []
        above: Tensor | None = None
        for level in range(LEVELS, 0, -1):
            inner = self.get_submodule(f"fpn_inner{level}")(levels[level - 1])
            above = inner if above is None else inner + F.interpolate(above, scale_factor=2.0, mode="nearest")
            found.insert(0, self.get_submodule(f"fpn_layer{level}")(above))
        return found


class _Relation(nn.Module):
    """FarSeg's relation of the scene (n, width, 1, 1) to places of each level (arXiv:2011.09766)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scene_encoder = nn.ModuleList(nn.Sequential(*_encoder(width), *_encoder(width)) for _ in range(LEVELS))
        self.project = nn.ModuleList(
            nn.Sequential(nn.Conv2d(2 * width, width, 1, bias=False), ChannelNorm(width), nn.GELU())
            for _ in range(LEVELS)
        )
        self.content_encoders = nn.ModuleList(nn.Sequential(*_encoder(width)) for _ in range(LEVELS))
        self.feature_reencoders = nn.ModuleList(nn.Sequential(*_encoder(width)) for _ in range(LEVELS))

    def forward(self, scene: Tensor, levels: list[Tensor]) -> list[Tensor]:
        found = []
        for level, here in enumerate(levels):
            alike = self.scene_encoder[level](scene) * self.content_encoders[level](here)
            weight = alike.sum(1, keepdim=True).sigmoid()
            seen = torch.cat([weight * self.feature_reencoders[level](here), here], 1)
            found.append(self.project[level](seen))
        return found


class _Decoder(nn.Module):
    """The mean of all levels, each brought to stride 4 by as many convolutions as doublings, at least one."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(*(_doubling(width, bool(level)) for _ in range(max(level, 1)))) for level in range(LEVELS)
        )

    def forward(self, levels: list[Tensor]) -> Tensor:
        return torch.stack([block(here) for block, here in zip(self.blocks, levels, strict=True)]).mean(0)


class _Head(nn.Module):
    """Changes by both orders of time, added up; classes of each time by itself."""

    def __init__(self, config: ChangeStarConfig) -> None:
        super().__init__()
        width = WIDTH
        mixing = nn.Conv2d(2 * width, width, 3, padding=1, bias=False)
        self.conv = nn.Sequential(mixing, ChannelNorm(width), nn.GELU())
        self.change_conv = nn.Sequential(nn.Conv2d(width, config.changes, 1), _larger(STRIDE))
        self.semantic_conv = nn.Sequential(nn.Conv2d(width, config.classes, 1), _larger(STRIDE))

    def forward(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        both = self.conv(torch.cat([first, second], 1)) + self.conv(torch.cat([second, first], 1))
        return self.change_conv(both), self.semantic_conv(first), self.semantic_conv(second)


def _vision(config: ChangeStarConfig) -> SamVisionConfig:
    return SamVisionConfig(
        hidden_size=config.hidden,
        output_channels=WIDTH,
        num_hidden_layers=config.depth,
        num_attention_heads=config.hidden // 64,
        image_size=config.side,
        mlp_dim=4 * config.hidden,
        global_attn_indexes=list(config.attends),
    )


def _pointwise(inside: int, width: int) -> tuple[nn.Module, nn.Module]:
    first, second = nn.Conv2d(inside, width, 1, bias=False), nn.Conv2d(width, width, 1, bias=False)
    return nn.Sequential(first, ChannelNorm(width)), nn.Sequential(second, ChannelNorm(width))


def _encoder(width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(width, width, 1), ChannelNorm(width), nn.GELU()


def _doubling(width: int, doubles: bool) -> nn.Sequential:
    convolution = nn.Conv2d(width, width, 3, padding=1, bias=False)
    return nn.Sequential(convolution, ChannelNorm(width), nn.GELU(), _larger(2) if doubles else nn.Identity())


def _larger(scale: int) -> nn.Upsample:
    """Return what enlarges as the published network does: corners stay corners."""
    return nn.Upsample(scale_factor=scale, mode="bilinear", align_corners=True)


def _resized(positions: Tensor, grid: tuple[int, int]) -> Tensor:
    """Return positions (1, rows, columns, hidden) of another grid, interpolated."""
    if tuple(positions.shape[1:3]) == grid:
        return positions
    moved = positions.float().permute(0, 3, 1, 2)
    sized = F.interpolate(moved, grid, mode="bicubic", align_corners=False, antialias=True)
    return sized.permute(0, 2, 3, 1).to(positions.dtype)
