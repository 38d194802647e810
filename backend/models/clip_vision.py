"""CLIP's image tower with a feature for every patch: the last block attends to what looks alike.

Li et al., SegEarth-OV, CVPR 2025 (arXiv:2410.01768), after SCLIP and ClearCLIP.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class PatchTower(nn.Module):
    """Normalised pixels to features of patches and of the whole, both in the space of CLIP's text vectors."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.vision = model.vision_model
        self.projection = model.visual_projection
        self.patch: int = model.config.vision_config.patch_size
        self.window: int = model.config.vision_config.image_size

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return (n, channels, h / patch, w / patch) and (n, channels) of pixels (n, 3, h, w).

        The second is the class token of the same altered block, what the patches share; it is not CLIP's embedding.
        """
        hidden = alike(self.vision.encoder.layers[-1], self.before_last(pixels))
        projected = self.projected(hidden)
        return self.as_map(projected, pixels), projected[:, 0]

    def xclip(self, pixels: Tensor) -> Tensor:
        """Return what SimFeatUp learns from, (n, channels, h / patch, w / patch): the last block's input, projected."""
        return self.as_map(self.projected(self.before_last(pixels)), pixels)

    def embed(self, pixels: Tensor) -> Tensor:
        """Return CLIP's own vectors (n, channels) of pixels (n, 3, window, window)."""
        vectors: Tensor = self.projection(self.vision(pixels.to(self.projection.weight.dtype)).pooler_output)
        return vectors

    def before_last(self, pixels: Tensor) -> Tensor:
        """Return the tokens (n, 1 + patches, width) that the last block takes; positions are interpolated."""
        hidden = self.vision.embeddings(pixels, interpolate_pos_encoding=True)
        hidden = self.vision.pre_layrnorm(hidden)
        for layer in self.vision.encoder.layers[:-1]:
            hidden = layer(hidden, None)
        result: Tensor = hidden
        return result

    def projected(self, hidden: Tensor) -> Tensor:
        """Return tokens in the space of text vectors."""
        result: Tensor = self.projection(self.vision.post_layernorm(hidden))
        return result

    def as_map(self, tokens: Tensor, pixels: Tensor) -> Tensor:
        """Return tokens without the first as a map of patches."""
        rows, columns = pixels.shape[-2] // self.patch, pixels.shape[-1] // self.patch
        return tokens[:, 1:].transpose(1, 2).reshape(len(tokens), -1, rows, columns)


def alike(layer: Any, hidden: Tensor) -> Tensor:
    """Return a block's output with attention q-q + k-k + v-v, without its residual and its feed-forward part."""
    attention, hidden = layer.self_attn, layer.layer_norm1(hidden)
    parts = (attention.q_proj, attention.k_proj, attention.v_proj)
    query, key, value = (part(hidden).unflatten(-1, (attention.num_heads, -1)).transpose(1, 2) for part in parts)
    found = [nn.functional.scaled_dot_product_attention(same, same, value) for same in (query, key, value)]
    mixed = torch.stack(found).sum(0).transpose(1, 2).flatten(2)
    result: Tensor = attention.out_proj(mixed)
    return result
