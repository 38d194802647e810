"""GeoPixel's pixel decoder: Shabbir et al., GeoPixel, 2025 (arXiv:2501.13925). Input 1024.

A language model that was asked for a mask answers with a token [SEG]; its hidden state of 4096 numbers, projected to
256, is the only prompt of SAM 2's decoder. The language model itself runs elsewhere: this takes its hidden states.
The published files hold all of it; only the projection and SAM 2 are read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from transformers import Sam2Config, Sam2Model

from backend.device import ComputeDevice
from backend.errors import BadInput, Unavailable
from backend.protocol import codes

from .detector_preprocess import shown_bytes
from .preprocess import Floats, InputFormat, lay_out
from .sam2 import Sam2Decoder, Sam2Encoder
from .sam2_keys import renamed
from .segmenter import Decoded, Image, Mask
from .spec import IMAGENET
from .torch_runtime import TorchEmbedding, TorchSegmenter, quieten, to_crop

PROJECTION, SAM2 = "model.text_hidden_fcs.0.", "model.visual_model."
INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"
HIERA_LARGE: dict[str, Any] = {
    "backbone_config": {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": 144,
        "num_attention_heads": 2,
        "embed_dim_per_stage": [144, 288, 576, 1152],
        "num_attention_heads_per_stage": [2, 4, 8, 16],
        "blocks_per_stage": [2, 6, 36, 4],
        "global_attention_blocks": [23, 33, 43],
        "window_size_per_stage": [8, 4, 16, 8],
    },
    "backbone_channel_list": [1152, 576, 288, 144],
}


def load(folder: Path, device: ComputeDevice, config: Sam2Config | None = None) -> GeoPixel:
    """Return GeoPixel's pixel decoder with the weights in `folder`, which may be in several files.

    Args:
        folder: the published folder, or one with a `model.safetensors` of the same names.
        device: where it runs.
        config: SAM 2's architecture; by default the published one.

    Raises:
        Unavailable: WEIGHTS_MISMATCH, a file or tensor is missing, damaged or of another shape.
    """
    quieten()
    model: Any = Sam2Model(config or published())
    try:
        tensors = dict(_tensors(folder))
        projection = _projection(_part(tensors, PROJECTION))
        found = renamed(_part(tensors, SAM2))
        model.load_state_dict(found)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        detail = f"{folder.name} does not hold GeoPixel's weights ({str(error).splitlines()[0]:.200})."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail) from error
    return GeoPixel(model.eval().requires_grad_(False), projection, device)


def published() -> Sam2Config:
    """Return the architecture of the SAM 2 within the published weights."""
    return Sam2Config(vision_config=HIERA_LARGE)


class GeoPixel(TorchSegmenter):
    """A `Segmenter` whose decoder was trained for [SEG] tokens, and takes them beside clicks.

    It sees pictures as a whole: one larger than the input is shrunk, and its masks are as large as it was.
    """

    def __init__(self, model: Any, projection: nn.Module, device: ComputeDevice) -> None:
        form = InputFormat(model.prompt_encoder.input_image_size, False, IMAGENET, closes_points=False)
        super().__init__(Sam2Encoder(model), Sam2Decoder(model), form, device)
        self._projection = projection.to(self._device, torch.float32)
        self._width = projection.get_parameter("0.weight").shape[1]

    @torch.inference_mode()
    def encode(self, image: Image, valid: Mask) -> TorchEmbedding:
        """Encode a picture (height, width, 3) uint8 of any size with its valid pixels."""
        if max(valid.shape) <= self.input_size:
            return super().encode(image, valid)
        geometry = lay_out((image.shape[0], image.shape[1]), self.form)
        pixels, shown = shown_bytes(image, valid, geometry.fitted)
        return TorchEmbedding(tuple(self._encoder(self._normalise(pixels, shown))), geometry)

    @torch.inference_mode()
    def outline(self, embedding: TorchEmbedding, states: Floats) -> list[Decoded]:
        """Return the mask of each [SEG] token at the picture's size, in their order.

        Args:
            embedding: the encoded picture.
            states: (n, 4096) hidden states of the language model's last layer, one a token.

        Raises:
            BadInput: PROMPT_INVALID, the states are of another width.
        """
        if states.ndim != 2 or states.shape[1] != self._width:
            detail = f"The [SEG] states have the shape {states.shape}; each must be a row of {self._width} numbers."
            raise BadInput(codes.PROMPT_INVALID, detail)
        tokens = self._projection(torch.from_numpy(np.asarray(states, np.float32)).to(self._device))
        features = tuple(feature.to(self._device, torch.float32) for feature in embedding.features)
        return [self._decoded(features, token, embedding) for token in tokens]

    def _decoded(self, features: tuple[Tensor, ...], token: Tensor, embedding: TorchEmbedding) -> Decoded:
        masks, scores = self._decoder.masks(features, token.view(1, 1, 1, -1), self._decoder.no_mask(), several=False)
        logits = to_crop(masks[0, 0], embedding.geometry)
        return Decoded(logits.cpu().numpy(), float(scores[0, 0].clamp(0, 1)), masks[0, 0].cpu().numpy())


def _projection(tensors: dict[str, Tensor]) -> nn.Sequential:
    """Return Linear, ReLU, Linear as wide as the weights are."""
    middle, width = tensors["0.weight"].shape
    layers = nn.Sequential(nn.Linear(width, middle), nn.ReLU(), nn.Linear(middle, tensors["2.weight"].shape[0]))
    layers.load_state_dict(tensors)
    return layers.requires_grad_(False)


def _part(tensors: dict[str, Tensor], start: str) -> dict[str, Tensor]:
    return {name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)}


def _tensors(folder: Path) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors of the projection and of SAM 2 in float32; the language model's are never read."""
    if (folder / INDEX).is_file():
        places: dict[str, str] = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
        files = sorted({file for name, file in places.items() if name.startswith((PROJECTION, SAM2))})
    else:
        files = [SINGLE]
    for file in files:
        with safe_open(folder / Path(file).name, framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118 # not a dictionary
                if name.startswith((PROJECTION, SAM2)):
                    yield name, opened.get_tensor(name).float()
