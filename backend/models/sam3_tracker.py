"""SAM 3's tracker on single images: Carion et al., SAM 3: Segment Anything with Concepts, 2025. Input 1008.

Clicks and boxes as with SAM 2.1; phrases belong to the detector, which the published weights also hold and which is
left unread here. The weights are gated and under the SAM License.
"""

from __future__ import annotations

from pathlib import Path

from torch import nn
from transformers import Sam3TrackerModel

from backend.device import ComputeDevice

from .fallback import FallbackSegmenter
from .preprocess import InputFormat
from .sam2 import Sam2Decoder, Sam2Encoder
from .spec import ModelSpec, Normalisation
from .torch_runtime import TorchSegmenter, from_folder

HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackSegmenter:
    """Return the SAM 3 tracker with the weights in `folder`."""
    return FallbackSegmenter(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchSegmenter:
    """Return the SAM 3 tracker on exactly `device`."""
    encoder, decoder, form = parts(folder)
    return TorchSegmenter(encoder, decoder, form, device, bool(spec.options.get("compile", False)))


def parts(folder: Path) -> tuple[nn.Module, Sam2Decoder, InputFormat]:
    """Return encoder, decoder and input format of the model in `folder`."""
    model = from_folder(Sam3TrackerModel, folder)
    form = InputFormat(model.prompt_encoder.input_image_size, False, HALF, closes_points=False)
    return Sam2Encoder(model), Sam2Decoder(model), form
