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
    """(n, bands, side, side) to (n, outside): the class token of the last block, projected if `outside` is not 0."""

    def __init__(self, width: int, depth: int, bands: int, outside: int, patch: int = 16, side: int = 224) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(bands, width, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, (side // patch) ** 2 + 1, width))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, EPSILON)
        self.head: nn.Module = nn.Linear(width, outside) if outside else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return a vector a picture."""
        vector: Tensor = self.head(self.tokens(x)[:, 0])
        return vector

    def tokens(self, x: Tensor) -> Tensor:
        """Return the class token and those of patches (n, 1 + patches, width), normed, of a picture of any size."""
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), self.patch_embed(x)], 1)
        patch = self.patch_embed.proj.kernel_size[0]
        found: Tensor = self.norm(self.blocks(tokens + self._positions(x.shape[2] // patch, x.shape[3] // patch)))
        return found

    def _positions(self, rows: int, columns: int) -> Tensor:
        """Return the positions of the class token and of rows x columns patches, interpolated where they are others."""
        side = round((self.pos_embed.shape[1] - 1) ** 0.5)
        if (rows, columns) == (side, side):
            return self.pos_embed
        grid = self.pos_embed[:, 1:].float().transpose(1, 2).reshape(1, -1, side, side)
        sized = nn.functional.interpolate(grid, (rows, columns), mode="bicubic", align_corners=False, antialias=True)
        return torch.cat([self.pos_embed[:, :1], sized.flatten(2).transpose(1, 2).to(self.pos_embed.dtype)], 1)
