"""SAM 2.1: Ravi et al., SAM 2: Segment Anything in Images and Videos, ICLR 2025 (arXiv:2408.00714). Input 1024.

Single images only; the published weights also hold the video memory, which is left unread. Also the modules of the
SAM 3 tracker, which is built the same way around another vision encoder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn
from transformers import Sam2Model

from backend.device import ComputeDevice

from .fallback import FallbackSegmenter
from .preprocess import InputFormat
from .prompt_decoder import PromptDecoder
from .spec import IMAGENET, ModelSpec
from .torch_runtime import TorchSegmenter, from_folder


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackSegmenter:
    """Return SAM 2.1 with the weights in `folder`."""
    return FallbackSegmenter(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchSegmenter:
    """Return SAM 2.1 on exactly `device`."""
    encoder, decoder, form = parts(folder)
    return TorchSegmenter(encoder, decoder, form, device, bool(spec.options.get("compile", False)))


def parts(folder: Path) -> tuple[nn.Module, Sam2Decoder, InputFormat]:
    """Return encoder, decoder and input format of the model in `folder`."""
    model = from_folder(Sam2Model, folder)
    form = InputFormat(model.prompt_encoder.input_image_size, False, IMAGENET, closes_points=False)
    return Sam2Encoder(model), Sam2Decoder(model), form


class Sam2Encoder(nn.Module):
    """Pixels (1, 3, side, side) to features of three resolutions, finest first, as the decoder takes them."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.vision_encoder = model.vision_encoder
        self.fine, self.middle = model.mask_decoder.conv_s0, model.mask_decoder.conv_s1
        self.no_memory = model.no_memory_embedding
        self.levels = len(model.backbone_feature_sizes)

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return (1, 32, s/4, s/4), (1, 64, s/8, s/8) and (1, 256, s/16, s/16) for a SAM 2.1 of side s.

        Vision encoders with one more, coarser level (SAM 3) have it dropped first, as their video models do.
        """
        fine, middle, coarse = self.vision_encoder(pixels).fpn_hidden_states[: self.levels]
        return self.fine(fine), self.middle(middle), coarse + self.no_memory.view(1, -1, 1, 1)


class Sam2Decoder(PromptDecoder):
    """Features and prompt tokens to masks; the prompt encoder itself knows box corners as labels 2 and 3."""

    def sparse(self, coords: Tensor, labels: Tensor) -> Tensor:
        """Return the tokens' embeddings (1, prompts, n + 1, 256); the closing one is added here."""
        embedded: Tensor = self.prompt_encoder(coords, labels, None, None)[0]
        return embedded

    def masks(
        self, features: tuple[Tensor, ...], sparse: Tensor, dense: Tensor, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Return masks and scores for embedded prompts; an unstable single mask gives way to the best of three."""
        *fine, coarse = features
        masks, scores, *_ = self.mask_decoder(coarse, self.positions, sparse, dense, several, fine)
        return masks[0], scores[0]
