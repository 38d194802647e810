"""`geoembed`: the aerial embedder GeoEmbed v3, run by onnxruntime; made for 0.1 to 0.15 m imagery."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .mini_graphs import MIDDLE, Floats, Graph
from .resample import resample
from .segmenter import Image, Mask
from .spec import ModelSpec

FILE = "geoembed.onnx"


class GeoEmbed:
    """Pictures to 256 numbers."""

    bands: tuple[str, ...] = ()
    width = 256

    def __init__(self, path: Path, side: int) -> None:
        self._graph = Graph(path)
        self._side = self.input_size = side

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector (256,) of a picture, grey where it has no data; it has no weights of scales."""
        if valid is not None:
            image = np.where(valid[:, :, None], image, np.uint8(MIDDLE))
        small = resample(image, (self._side, self._side)).astype(np.float32)
        values = np.ascontiguousarray((small / 127.5 - 1).transpose(2, 0, 1))[None]
        return self._graph(image=values)["embedding"][0], np.empty(0, np.float32)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path, device: object) -> GeoEmbed:
    """Return GeoEmbed from the installed file."""
    return GeoEmbed(folder / FILE, spec.input_size)
