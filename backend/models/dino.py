"""DINOv2 and DINOv3: pictures to vectors, learnt without labels; a vector for every patch of 14 or 16 pixels.

Oquab et al., DINOv2, TMLR 2024 (arXiv:2304.07193); Siméoni et al., DINOv3, 2025 (arXiv:2508.10104). Positions are
interpolated (DINOv2) or turned by angles (DINOv3), so pictures may have any size. The class token is the picture's
vector; the registers of DINOv3 are dropped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn
from transformers import Dinov2Model, DINOv3ViTModel

from backend.device import ComputeDevice

from .spec import ModelSpec
from .torch_embedder import FallbackEmbedder, Form, TorchEmbedder, as_map
from .torch_runtime import from_folder

SIDE = 224


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackEmbedder:
    """Return the model with the weights in `folder`."""
    return FallbackEmbedder(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchEmbedder:
    """Return the model on exactly `device`."""
    second = spec.options["version"] == 2
    model = from_folder(Dinov2Model if second else DINOv3ViTModel, folder)
    return TorchEmbedder(Dino(model), Form.of(spec, SIDE, "bicubic" if second else "bilinear"), spec, device)


class Dino(nn.Module):
    """Normalised pixels to the class token, or to the tokens of patches, after the last norm."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.patch: int = model.config.patch_size
        self.width = self.dense_width = int(model.config.hidden_size)
        self.leading = 1 + int(getattr(model.config, "num_register_tokens", 0))

    def pooled(self, pixels: Tensor) -> Tensor:
        """Return (n, width)."""
        found: Tensor = self.model(pixel_values=pixels).pooler_output
        return found

    def patches(self, pixels: Tensor) -> Tensor:
        """Return (n, width, h / patch, w / patch)."""
        tokens: Tensor = self.model(pixel_values=pixels).last_hidden_state[:, self.leading :]
        return as_map(tokens, pixels.shape[2] // self.patch)
