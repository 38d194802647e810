"""Dense features with SegEarth-OV's two steps for a model that lacks them: upsampling, and removal of global bias."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.embedder import Grounder
from backend.models.segearth_bias import common_direction, without_bias
from backend.models.segmenter import Image, Mask

from .scorer import stride_of

Floats = NDArray[np.float32]
FINE = 2
"""Pixels a feature at least, once upsampled: finer ones are averaged, for they would take memory and say no more."""


class Upsampler(Protocol):
    """What brings features to `factor` times their resolution."""

    @property
    def factor(self) -> int:
        """Return how much."""

    def upsample(self, features: Floats, image: Image) -> Floats:
        """Return (channels, height, width) of features of an image (height, width, 3), `factor` of its pixels apart."""


class Seen:
    """A dense model whose features are seen otherwise; phrases and scores are the model's own."""

    def __init__(self, model: Grounder) -> None:
        self._model = model
        self.input_size, self.stride = model.input_size, stride_of(model)

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return features (channels, rows, columns)."""
        return self._model.dense(image, valid)

    def phrases(self, phrases: list[str]) -> Floats:
        """Return what features are compared with."""
        return self._model.phrases(phrases)

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return the logits of phrases."""
        return self._model.scores(dense, phrases)

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the vector of a picture."""
        return self._model.embed(image, valid)

    def close(self) -> None:
        """Do nothing: the model belongs to who made it."""


class Sharpened(Seen):
    """Features every `FINE` pixels or as finely as the upsampler goes, along the picture's edges."""

    def __init__(self, model: Grounder, upsampler: Upsampler) -> None:
        super().__init__(model)
        self._upsampler, self._pixels = upsampler, max(1, self.stride // upsampler.factor)
        self.stride = max(FINE, self._pixels)

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return features (channels, ceil(height / stride), ceil(width / stride))."""
        guide = np.rint(_means(image.transpose(2, 0, 1), self._pixels)).astype(np.uint8).transpose(1, 2, 0)
        return _means(self._upsampler.upsample(self._model.dense(image, valid), guide), self.stride // self._pixels)


def _means(values: NDArray[np.floating | np.uint8], side: int) -> Floats:
    """Return (channels, ceil(h / side), ceil(w / side)): means of `side` x `side`, edges repeated."""
    channels, height, width = values.shape
    rows, columns = -(-height // side), -(-width // side)
    whole = np.pad(values, ((0, 0), (0, rows * side - height), (0, columns * side - width)), "edge")
    return np.asarray(whole.reshape(channels, rows, side, columns, side).mean((2, 4), dtype=np.float32))


class Unbiased(Seen):
    """Features without a share of `common`, the direction they have in common over the whole source."""

    def __init__(self, model: Grounder, common: Floats) -> None:
        super().__init__(model)
        self._common = common

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return features (channels, rows, columns)."""
        return without_bias(self._model.dense(image, valid), self._common)


def shared_direction(reader: SourceReader, model: Grounder) -> Floats:
    """Return (channels,): what a look at the whole source from afar has in common.

    It is of the source, not of an area of it, so that a place is the same in every area. Raises as `reader.read`.
    """
    grid, step = reader.grid, 1
    while max(grid.width, grid.height) > model.input_size * step:
        step *= 2
    crop = reader.read(Window(0, 0, grid.width, grid.height), step)
    dense, stride = model.dense(crop.image, crop.valid).copy(), stride_of(model)
    known = crop.valid[stride // 2 :: stride, stride // 2 :: stride]
    shown = np.zeros(dense.shape[1:], np.bool_)
    shown[: known.shape[0], : known.shape[1]] = known
    dense[:, ~shown if shown.any() else np.zeros_like(shown)] = np.nan
    return common_direction(dense)
