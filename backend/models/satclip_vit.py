"""A vision transformer under timm's names, for pictures of any number of bands (Dosovitskiy et al., ICLR 2021)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

HEAD_WIDTH, EPSILON = 64, 1e-6


class Attention(nn.Module):
    """Self-attention with one projection for queries, keys and values."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, tokens, width)."""
        n, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(n, tokens, 3, width // HEAD_WIDTH, HEAD_WIDTH).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        found: Tensor = self.proj(mixed.transpose(1, 2).reshape(n, tokens, width))
        return found


class Mlp(nn.Module):
    """Two layers with GELU between them."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, tokens, width)."""
        found: Tensor = self.fc2(nn.functional.gelu(self.fc1(x)))
        return found


class Block(nn.Module):
    """Attention and MLP, each after a norm and beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, EPSILON)
        self.attn = Attention(width)
        self.norm2 = nn.LayerNorm(width, EPSILON)
        self.mlp = Mlp(width, 4 * width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, tokens, width)."""
        x = x + self.attn(self.norm1(x))
        found: Tensor = x + self.mlp(self.norm2(x))
        return found


class PatchEmbed(nn.Module):
    """Patches to tokens."""

    def __init__(self, bands: int, width: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(bands, width, patch, patch)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, tokens, width)."""
        found: Tensor = self.proj(x).flatten(2).transpose(1, 2)
        return found


class VisionTransformer(nn.Module):
    """(n, bands, side, side) to (n, outside): the class token of the last block."""

    def __init__(self, width: int, depth: int, bands: int, outside: int, patch: int = 16, side: int = 224) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(bands, width, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, (side // patch) ** 2 + 1, width))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, EPSILON)
        self.head = nn.Linear(width, outside)

    def forward(self, x: Tensor) -> Tensor:
        """Return a vector a picture."""
        patches = self.patch_embed(x)
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), patches], 1) + self.pos_embed
        vector: Tensor = self.head(self.norm(self.blocks(tokens))[:, 0])
        return vector
