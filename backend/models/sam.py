"""SAM: Kirillov et al., Segment Anything, ICCV 2023 (arXiv:2304.02643). ViT-B, L and H, input 1024.

Also the modules SAM-HQ and the ONNX export build on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn
from transformers import SamModel

from backend.device import ComputeDevice

from .fallback import FallbackSegmenter
from .preprocess import FIRST_CORNER, LAST_CORNER, InputFormat
from .prompt_decoder import PromptDecoder
from .spec import IMAGENET, ModelSpec
from .torch_runtime import TorchSegmenter, from_folder


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackSegmenter:
    """Return SAM with the weights in `folder`."""
    return FallbackSegmenter(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchSegmenter:
    """Return SAM on exactly `device`."""
    encoder, decoder, form = parts(folder)
    return TorchSegmenter(encoder, decoder, form, device, bool(spec.options.get("compile", False)))


def parts(folder: Path) -> tuple[nn.Module, SamDecoder, InputFormat]:
    """Return encoder, decoder and input format of the model in `folder`."""
    model = from_folder(SamModel, folder)
    return SamEncoder(model), SamDecoder(model), input_format(model)


def input_format(model: Any) -> InputFormat:
    """Return how SAM and SAM-HQ see a crop."""
    return InputFormat(model.config.vision_config.image_size, pads=True, normalisation=IMAGENET, closes_points=True)


class SamEncoder(nn.Module):
    """Pixels (1, 3, side, side) to features (1, 256, side/16, side/16)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.vision_encoder = model.vision_encoder

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return the image's features."""
        return (self.vision_encoder(pixels).last_hidden_state,)


class SamDecoder(PromptDecoder):
    """Features of one resolution and prompt tokens to masks."""

    def sparse(self, coords: Tensor, labels: Tensor) -> Tensor:
        """Return the tokens' embeddings (1, prompts, n, 256)."""
        # given a box the prompt encoder adds no closing token of its own; the two of this box are cut off again
        box = coords.new_zeros(1, coords.shape[1], 4)
        embedded: Tensor = self.prompt_encoder(coords, labels, box, None)[0][:, :, :-2]
        first, last = (self.prompt_encoder.point_embed[corner].weight for corner in (FIRST_CORNER, LAST_CORNER))
        corners: Tensor = (labels == FIRST_CORNER)[..., None] * first + (labels == LAST_CORNER)[..., None] * last
        return embedded + corners

    def masks(
        self, features: tuple[Tensor, ...], sparse: Tensor, dense: Tensor, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Return masks and scores for embedded prompts."""
        masks, scores = self.mask_decoder(features[0], self.positions, sparse, dense, several)
        return masks[0], scores[0]
