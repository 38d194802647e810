"""TinyViT-5M (Wu et al., ECCV 2022; as timm's tiny_vit_5m_224 is configured) with random weights: for times."""

from __future__ import annotations

import torch
from torch import nn

DIMS, DEPTHS, HEADS, WINDOWS = (64, 128, 160, 320), (2, 2, 6, 2), (2, 4, 5, 10), (7, 7, 14, 7)


def conv(inside, outside, kernel=1, stride=1, groups=1):
    """A convolution with its batch norm folded."""
    return nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups)


class MBConv(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.path = nn.Sequential(
            conv(dim, 4 * dim), nn.GELU(), conv(4 * dim, 4 * dim, 3, 1, 4 * dim), nn.GELU(), conv(4 * dim, dim)
        )

    def forward(self, x):
        return nn.functional.gelu(x + self.path(x))


class Merging(nn.Sequential):
    def __init__(self, inside, outside):
        steps = (
            conv(inside, outside),
            nn.GELU(),
            conv(outside, outside, 3, 2, outside),
            nn.GELU(),
            conv(outside, outside),
        )
        super().__init__(*steps)


class Attention(nn.Module):
    def __init__(self, dim, heads, window):
        super().__init__()
        self.heads, self.norm, self.qkv, self.out = (
            heads,
            nn.LayerNorm(dim),
            nn.Linear(dim, 3 * dim),
            nn.Linear(dim, dim),
        )
        self.bias = nn.Parameter(torch.randn(heads, window**2, window**2) * 0.02)

    def forward(self, x):
        count, tokens, dim = x.shape
        q, k, v = self.qkv(self.norm(x)).view(count, tokens, self.heads, -1, 3).permute(4, 0, 2, 1, 3)
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1) + self.bias
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(count, tokens, dim))


class Block(nn.Module):
    def __init__(self, dim, heads, window):
        super().__init__()
        self.window, self.attention, self.local = window, Attention(dim, heads, window), conv(dim, dim, 3, 1, dim)
        self.mlp = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, x):
        _, dim, height, width = x.shape
        w = self.window
        padded = nn.functional.pad(x, (0, -width % w, 0, -height % w))
        down, across = padded.shape[2] // w, padded.shape[3] // w
        tokens = padded.view(dim, down, w, across, w).permute(1, 3, 2, 4, 0).reshape(down * across, w * w, dim)
        found = self.attention(tokens).view(down, across, w, w, dim).permute(4, 0, 2, 1, 3)
        x = self.local(x + found.reshape(1, dim, down * w, across * w)[:, :, :height, :width])
        return x + self.mlp(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class TinyViT(nn.Sequential):
    def __init__(self):
        stages = [conv(3, 32, 3, 2), nn.GELU(), conv(32, 64, 3, 2)]
        stages += [MBConv(DIMS[0]) for _ in range(DEPTHS[0])]
        for i in range(1, 4):
            stages += [Merging(DIMS[i - 1], DIMS[i]), *(Block(DIMS[i], HEADS[i], WINDOWS[i]) for _ in range(DEPTHS[i]))]
        super().__init__(*stages)
