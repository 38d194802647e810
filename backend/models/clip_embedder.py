"""CLIP as an embedder whose vectors, of pictures and of patches, are compared with those of phrases.

Radford et al., ICML 2021 (arXiv:2103.00020). CLIP's patches as they leave its last block say little of what lies at
their place. Here that block attends to what looks alike, without its shortcut and feed-forward part, and its result
goes through CLIP's last norm and projection, as in SegEarth-OV (`clip_vision.py`); nothing of it is trained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from backend.device import ComputeDevice

from .clip_text import TextEncoder
from .clip_vision import PatchTower
from .clip_weights import clip_from
from .embedder import Floats
from .spec import ModelSpec
from .torch_embedder import FallbackTextEmbedder, Form, TorchEmbedder

NEUTRAL = "background"
"""What stands for everything else; a phrase names a place where it fits better than this."""


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackTextEmbedder:
    """Return CLIP with the weights in `folder`."""
    return FallbackTextEmbedder(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> ClipEmbedder:
    """Return CLIP on exactly `device`."""
    return ClipEmbedder(clip_from(folder), spec, device)


class ClipEmbedder(TorchEmbedder):
    """CLIP; its text tower stays in float32."""

    def __init__(self, model: Any, spec: ModelSpec, device: ComputeDevice) -> None:
        network = ClipTokens(model)
        super().__init__(network, Form.of(spec, network.tower.window, "bicubic"), spec, device)
        self._text = TextEncoder(model)
        self._text.to(self._device)
        self._scale = float(model.logit_scale.exp())

    def phrases(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, width) of English phrases. Raises BadInput, PROMPT_INVALID."""
        found: Floats = self._text(phrases).cpu().numpy()
        return found

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, h, w) of unit vectors (width, h, w): above 0 a phrase fits better than "background"."""
        against = phrases - self.phrases([NEUTRAL])
        return np.asarray(self._scale * np.tensordot(against, dense, axes=1), np.float32)


class ClipTokens(nn.Module):
    """Normalised pixels to CLIP's own vectors, or to patches in the space of text vectors."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.tower = PatchTower(model)
        self.patch = self.tower.patch
        self.width = self.dense_width = int(model.config.projection_dim)

    def pooled(self, pixels: Tensor) -> Tensor:
        """Return (n, width) of pixels of the side that CLIP was trained with."""
        return self.tower.embed(pixels)

    def patches(self, pixels: Tensor) -> Tensor:
        """Return (n, width, h / patch, w / patch)."""
        found: Tensor = self.tower(pixels)[0]
        return found
