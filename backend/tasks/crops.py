"""One model on the crops of one source: encode (or take from the cache), place the prompts, decode."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.geo.lattice import contains
from backend.geo.pixel_prompts import PixelPrompts
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.segmenter import CropPrompts, Decoded, Segmenter
from backend.tasks.embeddings import EmbeddingCache, Encoded

NO_DATA = np.float32(-10.0)
"""Logit of pixels that are no data: certainly not of the object."""


@dataclass
class Timings:
    """Milliseconds spent; the encoder's are 0 where the crop was kept."""

    encode_ms: float = 0.0
    decode_ms: float = 0.0


class CropModel:
    """Answers prompts on single crops. Calls come from the device's thread."""

    def __init__(self, reader: SourceReader, segmenter: Segmenter, cache: EmbeddingCache, model_id: str) -> None:
        self.reader = reader
        self._segmenter = segmenter
        self._cache = cache
        self._model_id = model_id
        self.input_size = segmenter.input_size

    def encode(self, window: Window, step: int, timings: Timings) -> Encoded:
        """Return the encoded crop, from the cache where it is kept. Raises as `SourceReader.read`."""

        def make() -> Encoded:
            crop = self.reader.read(window, step)
            started = time.perf_counter()
            embedding = self._segmenter.encode(crop.image, crop.valid)
            timings.encode_ms += (time.perf_counter() - started) * 1e3
            return Encoded(embedding, None if crop.valid.all() else crop.valid)

        self.reader.check_unchanged()
        key: Hashable = (self._model_id, self.reader.fingerprint, window, step)
        return self._cache.get(key, self._segmenter, make)

    def decode(self, encoded: Encoded, prompts: CropPrompts, timings: Timings) -> Decoded:
        """Return the model's answer, with pixels that are no data kept out of the object."""
        started = time.perf_counter()
        decoded = self._segmenter.decode(encoded.embedding, prompts)
        timings.decode_ms += (time.perf_counter() - started) * 1e3
        if encoded.valid is None:
            return decoded
        return replace(decoded, logits=np.where(encoded.valid, decoded.logits, NO_DATA))


def in_crop(prompts: PixelPrompts, window: Window, step: int, logits: NDArray[np.float32] | None = None) -> CropPrompts:
    """Return the prompts that fall into the crop `window`, in its pixels; a box only if it is inside as a whole."""
    corner, size = np.array([window.col, window.row]), np.array([window.width, window.height])
    points = prompts.points - corner
    inside = ((points >= 0) & (points < size)).all(axis=1)
    box = None
    if prompts.box is not None and contains(window, prompts.box):
        box = ((np.reshape(prompts.box, (2, 2)) - corner).ravel() / step).astype(np.float32)
    return CropPrompts((points[inside] / step).astype(np.float32), prompts.labels[inside], box, logits)


def with_seeds(prompts: CropPrompts, seeds: NDArray[np.float32]) -> CropPrompts:
    """Return the points of `prompts` with `seeds` (crop pixels) as further positive ones, and no box."""
    points = np.vstack([seeds, prompts.points]).astype(np.float32)
    labels = np.concatenate([np.ones(len(seeds), np.int32), prompts.labels]).astype(np.int32)
    return CropPrompts(points, labels)
