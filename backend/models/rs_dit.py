"""RS-DiT, Changen2's network (Zheng et al., TPAMI 2025), under the names of its published weights.

A diffusion transformer (DiT, arXiv:2212.09748) of latents, which is told classes pixel by pixel. It knows no positions
but by its convolutions and windows, so that it takes latents of any size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .channel_norm import EPSILON, ChannelNorm

LATENTS, PATCH, WINDOW = 4, 2, 8
FACTOR = 8
"""Pixels of labels along one latent."""
EVERY = 4
"""Each fourth block attends to all tokens, the others to those of their window."""
WAVES, SLOWEST = 256, 10_000.0


@dataclass(frozen=True)
class RsDitConfig:
    """Sizes of the network; `labels` is how many maps tell the classes."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    labels: int = 1


SIZES = {"S/2": (384, 12, 6), "B/2": (768, 12, 12), "L/2": (1024, 24, 16), "XL/2": (1152, 28, 16)}


def config_of(size: str, labels: int = 1) -> RsDitConfig:
    """Return a published size's."""
    return RsDitConfig(*SIZES[size], labels)


class RsDit(nn.Module):
    """Predicts the noise in latents, and its variance."""

    def __init__(self, config: RsDitConfig) -> None:
        super().__init__()
        self.config, width = config, config.width
        self.x_embedder = _Patches(width)
        self.t_embedder = _Time(width)
        self.y_embedder = _Labels(config.labels, width)
        self.blocks = nn.ModuleList(
            _Block(width, config.heads, 0 if (index + 1) % EVERY == 0 else WINDOW) for index in range(config.depth)
        )
        self.final_layer = _Final(width)

    def forward(self, noisy: Tensor, step: Tensor, labels: Tensor) -> Tensor:
        """Return (n, 8, h, w): the noise, and where its variance lies between the least and the most, -1 to 1.

        Args:
            noisy: latents (n, 4, h, w), of even sides.
            step: of the schedule, (n,).
            labels: (n, labels, 8 h, 8 w).
        """
        return self.denoise(noisy, step, self.told(labels))

    def told(self, labels: Tensor) -> Tensor:
        """Return what the network is told of labels, (n, tokens, width): the same for all steps."""
        found = self.y_embedder(labels)
        grid = found.shape[2] // PATCH, found.shape[3] // PATCH
        return F.interpolate(found, grid, mode="nearest").flatten(2).transpose(1, 2)

    def denoise(self, noisy: Tensor, step: Tensor, told: Tensor) -> Tensor:
        """Return what `forward` does, of labels that are encoded already."""
        rows, columns = noisy.shape[2] // PATCH, noisy.shape[3] // PATCH
        told = told + self.t_embedder(step)[:, None]
        tokens = self.x_embedder(noisy)
        for block in self.blocks:
            tokens = block(tokens, told, (rows, columns))
        cells = self.final_layer(tokens, told).reshape(len(noisy), rows, columns, PATCH, PATCH, 2 * LATENTS)
        return torch.einsum("nhwpqc->nchpwq", cells).reshape(len(noisy), 2 * LATENTS, rows * PATCH, columns * PATCH)


def built(state: Mapping[str, Tensor]) -> RsDit:
    """Return the network of its tensors, for inference; all sizes and the number of label maps are taken from them.

    Raises:
        ValueError, KeyError, RuntimeError: other tensors.
    """
    width, labels = len(state["x_embedder.proj.bias"]), state["y_embedder.convs.0.weight"].shape[1]
    depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("blocks."))
    heads = {size[0]: size[2] for size in SIZES.values()}.get(width)
    if heads is None:
        raise ValueError(f"no RS-DiT is {width} wide")
    with torch.device("meta"):
        network = RsDit(RsDitConfig(width, depth, heads, labels))
    network.load_state_dict(dict(state), strict=True, assign=True)
    return network.eval().requires_grad_(False)


class _Patches(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(LATENTS, width, PATCH, PATCH)

    def forward(self, latents: Tensor) -> Tensor:
        found: Tensor = self.proj(latents).flatten(2).transpose(1, 2)
        return found


class _Time(nn.Module):
    """Cosines and sines of a step, and an MLP."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(WAVES, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, step: Tensor) -> Tensor:
        half = WAVES // 2
        rates = torch.exp(-math.log(SLOWEST) * torch.arange(half, device=step.device, dtype=torch.float32) / half)
        angles = step.float()[:, None] * rates
        found: Tensor = self.mlp(torch.cat([angles.cos(), angles.sin()], 1))
        return found


class _Labels(nn.Module):
    """Maps of classes to features of an eighth of their resolution."""

    def __init__(self, maps: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index in range(8):
            outside = width // (8, 4, 2, 1)[index // 2]
            stride = 2 if index in (2, 4, 6) else 1
            layers += [nn.Conv2d(maps, outside, 3, stride, 1), ChannelNorm(outside), nn.SiLU()]
            maps = outside
        self.convs = nn.Sequential(*layers[:-1])

    def forward(self, labels: Tensor) -> Tensor:
        found: Tensor = self.convs(labels)
        return found


class _Block(nn.Module):
    """Attention and a convolving MLP; what each token is told shifts, scales and gates both."""

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.norm1 = nn.LayerNorm(width, EPSILON, elementwise_affine=False)
        self.attn = _Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, EPSILON, elementwise_affine=False)
        self.mlp = _ConvMlp(width)
        self.adaLN_modulation = _modulation(width, 6)

    def forward(self, tokens: Tensor, told: Tensor, grid: tuple[int, int]) -> Tensor:
        shift, scale, gate, shift_mlp, scale_mlp, gate_mlp = self.adaLN_modulation(told).chunk(6, -1)
        seen = self.norm1(tokens) * (1 + scale) + shift
        mixed = _in_windows(seen, grid, self.window, self.attn) if self.window else self.attn(seen)
        tokens = tokens + gate * mixed
        added: Tensor = tokens + gate_mlp * self.mlp(self.norm2(tokens) * (1 + scale_mlp) + shift_mlp, grid)
        return added


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        n, count, width = tokens.shape
        parts = self.qkv(tokens).reshape(n, count, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(parts[0], parts[1], parts[2])
        found: Tensor = self.proj(mixed.transpose(1, 2).reshape(n, count, width))
        return found


class _ConvMlp(nn.Module):
    """Two layers with a convolution of each channel, and GELU, between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = 4 * width
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dwconv = nn.Conv2d(hidden, hidden, 3, padding=1, bias=False, groups=hidden)

    def forward(self, tokens: Tensor, grid: tuple[int, int]) -> Tensor:
        hidden = self.fc1(tokens).transpose(1, 2).unflatten(2, grid)
        hidden = self.dwconv(hidden).flatten(2).transpose(1, 2)
        found: Tensor = self.fc2(F.gelu(hidden, approximate="tanh"))
        return found


class _Final(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm_final = nn.LayerNorm(width, EPSILON, elementwise_affine=False)
        self.linear = _silent(nn.Linear(width, PATCH * PATCH * 2 * LATENTS))
        self.adaLN_modulation = _modulation(width, 2)

    def forward(self, tokens: Tensor, told: Tensor) -> Tensor:
        shift, scale = self.adaLN_modulation(told).chunk(2, -1)
        found: Tensor = self.linear(self.norm_final(tokens) * (1 + scale) + shift)
        return found


def _modulation(width: int, count: int) -> nn.Sequential:
    """Return what makes `count` numbers a channel of what a token is told: none at first (adaLN-Zero)."""
    return nn.Sequential(nn.SiLU(), _silent(nn.Linear(width, count * width)))


def _silent(layer: nn.Linear) -> nn.Linear:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _in_windows(tokens: Tensor, grid: tuple[int, int], side: int, attention: nn.Module) -> Tensor:
    """Return what `attention` makes of the tokens (n, rows x columns, width) of each window; zeros fill the last."""
    (rows, columns), (n, _, width) = grid, tokens.shape
    down, across = -(-rows // side), -(-columns // side)
    whole = F.pad(tokens.reshape(n, rows, columns, width), (0, 0, 0, across * side - columns, 0, down * side - rows))
    cut = whole.reshape(n, down, side, across, side, width).transpose(2, 3)
    mixed = attention(cut.reshape(-1, side * side, width)).reshape(cut.shape).transpose(2, 3)
    found: Tensor = mixed.reshape(n, down * side, across * side, width)[:, :rows, :columns]
    return found.reshape(n, rows * columns, width)
