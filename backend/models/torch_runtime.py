"""What the promptable models written in PyTorch share: loading from a folder, encoding, decoding, memory.

Encoders run in the device's own type; prompts and masks stay in float32 everywhere, because a point's position in
bfloat16 is off by several pixels. Encoders see one shape only; the number of points is the only one that varies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers.utils import logging

from backend.device import CPU, CUDA, ComputeDevice
from backend.memory import threads

from .damaged import damaged
from .many_points import click
from .preprocess import Geometry, InputFormat, ambiguous, fit, lay_out, prompt_tokens
from .segmenter import CropPrompts, Decoded, Image, Mask

AT_ONCE = {CUDA: 64, CPU: 8}
"""Single clicks that are decoded together: as many as SAM's automatic mask generator takes, fewer where the processor
is busy with fewer and main memory is shared with all else."""


@dataclass
class TorchEmbedding:
    """An encoded crop: the features its decoder takes, on the device they were made on."""

    features: tuple[Tensor, ...]
    geometry: Geometry

    @property
    def nbytes(self) -> int:
        """Return the bytes of all features."""
        return sum(feature.numel() * feature.element_size() for feature in self.features)


class TorchSegmenter:
    """A `Segmenter` made of an encoder and a decoder module."""

    notice = ""

    def __init__(
        self, encoder: nn.Module, decoder: nn.Module, form: InputFormat, device: ComputeDevice, compiled: bool = False
    ) -> None:
        self.input_size = form.side
        self.form = form
        self._device = torch.device(device.kind)
        self._dtype: torch.dtype = getattr(torch, device.dtype)
        decoder.to(self._device, torch.float32)
        cast_parameters(encoder.to(self._device), self._dtype)
        self._encoder: Any = torch.compile(encoder, dynamic=False) if compiled else encoder
        self._decoder: Any = torch.compile(decoder, dynamic=True) if compiled else decoder
        statistics = form.normalisation.mean, form.normalisation.std
        mean, std = (torch.tensor(v, device=self._device).view(1, 3, 1, 1) * 255 for v in statistics)
        self._mean, self._std = mean, std

    @torch.inference_mode()
    def encode(self, image: Image, valid: Mask) -> TorchEmbedding:
        """Encode a crop (height, width, 3) uint8 with its valid pixels."""
        geometry = lay_out((image.shape[0], image.shape[1]), self.form)
        pixels, shown = fit(image, valid, geometry)
        return TorchEmbedding(tuple(self._encoder(self._normalise(pixels, shown))), geometry)

    @torch.inference_mode()
    def decode(self, embedding: TorchEmbedding, prompts: CropPrompts) -> Decoded:
        """Return the best mask for the prompts at the crop's size."""
        low, score = self._best(embedding, [prompts], ambiguous(prompts))
        return Decoded(to_crop(low[0], embedding.geometry).cpu().numpy(), score[0], low[0].cpu().numpy())

    @torch.inference_mode()
    def decode_points(self, embedding: TorchEmbedding, points: NDArray[np.float32]) -> Iterator[Decoded]:
        """Yield the best of the three masks at each of `points` (n, 2), several of them decoded at once."""
        at_once = AT_ONCE[self._device.type]
        for start in range(0, len(points), at_once):
            prompts = [click(point) for point in points[start : start + at_once]]
            for low, score in zip(*self._best(embedding, prompts, several=True), strict=True):
                yield Decoded(to_crop(low, embedding.geometry).cpu().numpy(), score)

    def close(self) -> None:
        """Free the weights."""
        self._encoder = self._decoder = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _best(
        self, embedding: TorchEmbedding, prompts: Sequence[CropPrompts], several: bool
    ) -> tuple[Tensor, list[float]]:
        """Return the best masks (n, h, w) for prompts of as many tokens each, and their scores; a mask has one only."""
        tokens = [prompt_tokens(each, embedding.geometry, self.form) for each in prompts]
        coords, labels = (torch.from_numpy(np.concatenate(a, 1)).to(self._device) for a in zip(*tokens, strict=True))
        earlier = prompts[0].logits
        mask = None if earlier is None else torch.from_numpy(earlier).to(self._device)[None, None]
        features = tuple(feature.to(self._device, torch.float32) for feature in embedding.features)
        masks, scores = self._decoder(features, coords, labels, mask, several)
        each, best = torch.arange(len(prompts), device=self._device), scores.argmax(1)
        # a regression head without a bound of its own may leave 0..1 by a little
        return masks[each, best], scores[each, best].clamp(0, 1).tolist()

    def _normalise(self, pixels: Image, shown: Mask) -> Tensor:
        values = torch.from_numpy(pixels).to(self._device).permute(2, 0, 1)[None].float()
        values = (values - self._mean) / self._std
        return (values * torch.from_numpy(shown).to(self._device)).to(self._dtype)


def to_crop(low: Tensor, geometry: Geometry) -> Tensor:
    """Return (rows, columns) low-resolution logits at the crop's own size, as `postprocess.to_crop` does."""
    if not geometry.pads:
        return _resize(low, geometry.crop)
    full = _resize(low, (geometry.side, geometry.side))
    return _resize(full[: geometry.fitted[0], : geometry.fitted[1]], geometry.crop)


def cast_parameters(module: nn.Module, dtype: torch.dtype) -> None:
    """Cast weights but not buffers: rotary frequencies in bfloat16 would turn positions by a quarter radian."""
    for parameter in module.parameters():
        parameter.data = parameter.data.to(dtype)


def from_folder(kind: Any, folder: Path, attention: str | None = "sdpa") -> Any:
    """Return the transformers model of class `kind` whose config.json and model.safetensors lie in `folder`.

    Raises:
        Unavailable: a file is missing or damaged, or weights the class needs are not in it.
    """
    torch.set_num_threads(threads())
    quieten()
    try:
        # a folder on this machine whose files were verified, never a name on a hub
        model, report = kind.from_pretrained(
            folder,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            attn_implementation=attention,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise damaged(folder.name, error) from error
    lacking = sorted(report["missing_keys"]) + sorted(str(key) for key in report["mismatched_keys"])
    if lacking:
        raise damaged(folder.name, f"{len(lacking)} tensors are missing or of another shape, the first is {lacking[0]}")
    return model.eval().requires_grad_(False)


def quieten() -> None:
    """Keep transformers from drawing bars and tables into the log; what it warns of is judged by `from_folder`."""
    settings: Any = logging
    settings.disable_progress_bar()
    settings.set_verbosity_error()


def _resize(values: Tensor, size: tuple[int, int]) -> Tensor:
    return nn.functional.interpolate(values[None, None], size, mode="bilinear", align_corners=False)[0, 0]
