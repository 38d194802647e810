"""SegEarth-OV from the store: CLIP's weights, the upsampler's where it is installed, and the CPU when a GPU is full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch

from backend.device import ComputeDevice

from . import weights
from .catalog_ground import SIMFEATUP
from .clip_weights import clip_from
from .fallback import Fallback
from .jbu import Upsampler
from .jbu_weights import upsampler_from
from .segearth import BIAS, STRIDE, Floats, SegEarth
from .segmenter import Image, Mask
from .spec import ModelSpec

T = TypeVar("T")
PUBLISHED = (1, 4)
"""The paper's stride and steps of the upsampler."""


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackSegEarth:
    """Return SegEarth-OV with the weights in `folder`, and the upsampler's from the same store."""
    return FallbackSegEarth(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> SegEarth:
    """Return SegEarth-OV on exactly `device`."""
    return SegEarth(clip_from(folder), upsampler_beside(folder), device)


def upsampler_beside(folder: Path) -> Upsampler | None:
    """Return the upsampler of the store that `folder` belongs to; None where it is not installed.

    Raises:
        Unavailable: WEIGHTS_MISMATCH, it is installed and damaged.
    """
    if weights.installed(SIMFEATUP, folder.parent) is None:
        return None
    weights.verify(SIMFEATUP, folder.parent)
    return upsampler_from(weights.folder_of(SIMFEATUP, folder.parent))


class FallbackSegEarth(Fallback[SegEarth]):
    """A `Grounder` that goes on without a GPU when that GPU's memory runs out."""

    softmax, attends, bands = SegEarth.softmax, SegEarth.attends, SegEarth.bands

    @property
    def lacking(self) -> str:
        """Return that edges are coarse where upsampling is on and the upsampler is not there, else nothing."""
        if self._model.upsampled or not self._model.sharpened:
            return ""
        return f"{SIMFEATUP.title} is not installed, so edges are coarse; import it."

    @property
    def width(self) -> int:
        """Return the numbers in a vector of a picture."""
        return self._model.width

    @property
    def dense_width(self) -> int:
        """Return the numbers in a feature."""
        return self._model.dense_width

    @property
    def stride(self) -> int:
        """Return the pixels a feature of `dense` covers."""
        return self._model.stride

    def detail(self, stride: int, steps: int | None = None) -> None:
        """Set the stride and the upsampler's steps, as `SegEarth` describes them; (1, 4) is as published."""
        self._model.stride, self._model.steps = stride, steps

    def switch(self, upsample: bool, remove_bias: bool, finest: bool) -> None:
        """Use the upsampler or not, take the class token's direction out of features or leave it in; how finely."""
        self._model.sharpened, self._model.bias = upsample, BIAS if remove_bias else 0.0
        self.detail(*(PUBLISHED if finest else (STRIDE, None)))

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return (channels, ceil(h / stride), ceil(w / stride)) of a crop."""
        return self._tried(lambda model: model.dense(image, valid))

    def logits(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return `scores(dense(image, valid), phrases)` in little memory."""
        return self._tried(lambda model: model.logits(image, valid, phrases))

    def relevance(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return how much each cell has to do with the phrases, 0 to 1."""
        return self._tried(lambda model: model.relevance(image, valid, phrases))

    def phrases(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, channels) of words."""
        return self._tried(lambda model: model.phrases(phrases))

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, h, w)."""
        return self._model.scores(dense, phrases)

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return CLIP's vector of a picture."""
        return self._tried(lambda model: model.embed(image, valid))

    def _tried(self, work: Callable[[SegEarth], T]) -> T:
        try:
            return work(self._model)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        detail = self._model.stride, self._model.steps
        sharpened, bias = self._model.sharpened, self._model.bias
        self._rebuild()
        self.detail(*detail)
        self._model.sharpened, self._model.bias = sharpened, bias
        return work(self._model)
