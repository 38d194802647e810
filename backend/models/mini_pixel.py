"""The pixel decoder at work: Mini's features at four scales against projected phrases, without torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .mini_graphs import FOLDER, Floats, Graph, batch
from .mini_text import TextTower
from .segmenter import Image, Mask

GRAPH, TEXT_GRAPH = "pixel.onnx", "pixel_text.onnx"
STRIDE = 2
LEVELS = ("level4", "fine", "level8", "level16", "level32")


class PixelView:
    """Mini's answers to phrases by the pixel decoder; what `Grounder` says of dense features, phrases, scores."""

    def __init__(self, input_size: int, encoder: Graph, tower: TextTower, folder: Path = FOLDER) -> None:
        self.input_size, self.stride = input_size, STRIDE
        self._encoder, self._tower = encoder, tower
        self._decoder, self._project = Graph(folder / GRAPH), Graph(folder / TEXT_GRAPH, threads=1)

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return features (128, ceil(h / 2), ceil(w / 2)): 32 numbers of unit length for each of four scales."""
        found = self._encoder(image=batch(image, valid))
        features: Floats = self._decoder(**{name: found[name] for name in LEVELS})["features"][0]
        return np.ascontiguousarray(features[:, : -(-image.shape[0] // STRIDE), : -(-image.shape[1] // STRIDE)])

    def phrases(self, phrases: list[str]) -> Floats:
        """Return (n, 129): what dense features are compared with, the bias last."""
        return self._projected(phrases)["queries"]

    def scale_weights(self, phrases: list[str]) -> Floats:
        """Return how much each scale weighs for each phrase (n, 4), strides 2, 8, 16 and 32; rows sum to 1."""
        return self._projected(phrases)["weights"]

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, h, w) that each place is what each phrase names; above 0 means yes."""
        return np.asarray(np.tensordot(phrases[:, :-1], dense, axes=1) + phrases[:, -1, None, None], np.float32)

    def _projected(self, phrases: list[str]) -> dict[str, Floats]:
        return self._project(sentences=self._tower(phrases))


def has_decoder(folder: Path = FOLDER) -> bool:
    """Say whether the decoder's weights are there."""
    return (folder / GRAPH).is_file() and (folder / TEXT_GRAPH).is_file()
