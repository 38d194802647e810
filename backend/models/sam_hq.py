"""SAM-HQ: Ke et al., Segment Anything in High Quality, NeurIPS 2023 (arXiv:2306.01567). Input 1024.

SAM with one more token, whose mask is made of early and late features and added to SAM's own.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn
from transformers import SamHQModel

from backend.device import ComputeDevice

from .fallback import FallbackSegmenter
from .preprocess import InputFormat
from .sam import SamDecoder, SamEncoder, input_format
from .spec import ModelSpec
from .torch_runtime import TorchSegmenter, from_folder


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackSegmenter:
    """Return SAM-HQ with the weights in `folder`."""
    return FallbackSegmenter(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchSegmenter:
    """Return SAM-HQ on exactly `device`."""
    encoder, decoder, form = parts(folder)
    return TorchSegmenter(encoder, decoder, form, device, bool(spec.options.get("compile", False)))


def parts(folder: Path) -> tuple[nn.Module, SamHQDecoder, InputFormat]:
    """Return encoder, decoder and input format of the model in `folder`."""
    model = from_folder(SamHQModel, folder)
    return SamHQEncoder(model), SamHQDecoder(model), input_format(model)


class SamHQEncoder(SamEncoder):
    """Pixels to SAM's features and those of the first block that sees the whole image (1, side/16, side/16, c)."""

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return late and early features."""
        output = self.vision_encoder(pixels)
        return output.last_hidden_state, output.intermediate_embeddings[0]


class SamHQDecoder(SamDecoder):
    """SAM's decoder with the early features."""

    def masks(
        self, features: tuple[Tensor, ...], sparse: Tensor, dense: Tensor, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Return the sum of SAM's and the high-quality masks, and SAM's scores."""
        late, early = features
        masks, scores = self.mask_decoder(late, self.positions, sparse, dense, several, False, [early])
        return masks[0], scores[0]
