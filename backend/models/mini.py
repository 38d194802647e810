"""`mini`: the compact network that ships, run by onnxruntime: clicks, phrases and embeddings from one encoder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .mini_clicks import Clicks, Encoded
from .mini_graphs import FOLDER, Floats, Graph, batch
from .mini_pixel import PixelView, has_decoder
from .mini_text import TextTower
from .resample import resample
from .segmenter import CropPrompts, Decoded, Image, Mask
from .spec import ModelSpec

SMALLEST_CHIP = 96
TINY = 1e-6


class Mini:
    """The loaded network. Graphs open when first used: a click needs neither words nor vectors."""

    bands: tuple[str, ...] = ()
    width, dense_width, stride = 256, 64, 4

    def __init__(self, input_size: int, folder: Path = FOLDER) -> None:
        self.input_size = input_size
        self._folder = folder
        self._encoder = Graph(folder / "encoder.onnx")

    @cached_property
    def _clicks(self) -> Clicks:
        return Clicks(self._encoder, Graph(self._folder / "click.onnx"))

    @cached_property
    def _dense(self) -> Graph:
        return Graph(self._folder / "dense.onnx")

    @cached_property
    def _tower(self) -> TextTower:
        return TextTower(self._folder)

    @cached_property
    def pixel(self) -> PixelView | None:
        """The pixel decoder, which answers phrases as this does; None where its weights are absent."""
        if not has_decoder(self._folder):
            return None
        return PixelView(self.input_size, self._encoder, self._tower, self._folder)

    def encode(self, image: Image, valid: Mask) -> Encoded:
        """Return a crop of at most `input_size` a side, with the click head's features of it."""
        return self._clicks.encode(image, valid)

    def decode(self, embedding: Encoded, prompts: CropPrompts) -> Decoded:
        """Return the object, seen at a scale that suits its size."""
        return self._clicks.decode(embedding, prompts)

    def decode_points(self, embedding: Encoded, points: Floats) -> Iterator[Decoded]:
        """Yield the object at each of `points`, seen as the crop is: no closer look at any."""
        return self._clicks.decode_points(embedding, points)

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector (256,) of a chip, and how much each scale weighed in it (4,), finest first."""
        height, width = image.shape[:2]
        scale = float(np.clip(1.0, SMALLEST_CHIP / min(height, width), self.input_size / max(height, width)))
        size = max(1, round(height * scale)), max(1, round(width * scale))
        image, valid = resample(image, size), None if valid is None else _nearest(valid, size)
        found = self._encoder(image=batch(image, valid))
        return found["embedding"][0], found["gate"][0]

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return unit-scaled features (64, ceil(h / 4), ceil(w / 4)): one vector for every 4 x 4 pixels."""
        found = self._encoder(image=batch(image, valid))
        hidden: Floats = self._dense(level4=found["level4"], level8=found["level8"])["hidden"][0]
        return hidden[:, : -(-image.shape[0] // 4), : -(-image.shape[1] // 4)]

    def phrases(self, phrases: list[str]) -> Floats:
        """Return (n, 64) vectors to compare dense features with, by `scores`."""
        return self._tower.places(phrases)

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, h, w) that each place is what each phrase names; above 0 means yes.

        `dense` may be of any length, as vectors from a file are: their 384 numbers are taken at unit length.
        """
        squared = (np.tensordot(self._tower.gram, dense, axes=1) * dense).sum(0)
        cosine = np.tensordot(phrases, dense, axes=1) / np.sqrt(np.maximum(squared, TINY))
        return np.asarray(cosine * self._tower.scale + self._tower.bias, np.float32)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def _nearest(valid: Mask, size: tuple[int, int]) -> NDArray[np.bool_]:
    rows, columns = (np.arange(new) * old // new for new, old in zip(size, valid.shape, strict=True))
    return valid[np.ix_(rows, columns)]


def load(spec: ModelSpec, folder: Path | None, device: object) -> Mini:
    """Return Mini with the weights that ship."""
    return Mini(spec.input_size, folder or FOLDER)
