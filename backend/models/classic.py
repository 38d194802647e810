"""`classic`: a promptable segmenter without training, for any image and with no download.

Colour and texture, superpixels, a random walk from the clicks (Grady, PAMI 2006), and a pixel-exact outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import classic_features, classic_graph, classic_refine, classic_walk
from .classic_walk import Flags, Tuning
from .segmenter import CropPrompts, Decoded, Image, Mask
from .spec import ModelSpec

MEMORY_STEP = 4


@dataclass(frozen=True)
class Encoded:
    """A crop as `classic` keeps it."""

    lab: NDArray[np.float32]
    graph: classic_graph.Graph
    valid: Mask

    @property
    def nbytes(self) -> int:
        """Return the bytes of the arrays that matter."""
        graph = self.graph
        return self.lab.nbytes + self.valid.nbytes + graph.labels.nbytes + graph.palette.nbytes + graph.left.nbytes * 6


class Classic:
    """The segmenter; holds nothing but its constants."""

    def __init__(self, input_size: int, tuning: Tuning) -> None:
        self.input_size = input_size
        self._tuning = tuning

    def encode(self, image: Image, valid: Mask) -> Encoded:
        """Return superpixels and features of `image`."""
        found = classic_features.features(image, valid)
        return Encoded(found.lab, classic_graph.build(found, valid), valid)

    def decode(self, embedding: Encoded, prompts: CropPrompts) -> Decoded:
        """Return the object at the prompts."""
        graph = embedding.graph
        positive, negative = _seeds(embedding, prompts)
        if not positive.any():
            return Decoded(np.full(graph.labels.shape, -8, np.float32), 0.0)
        found = classic_walk.walk(graph, positive, negative, _previous(embedding, prompts.logits), self._tuning)
        mask = found.inside[graph.labels]
        clicked = _stamp(mask, prompts)
        logits = classic_refine.refine(mask, embedding.lab, clicked)
        logits[~embedding.valid] = -8
        return Decoded(logits, found.score, logits[::MEMORY_STEP, ::MEMORY_STEP].copy())

    def close(self) -> None:
        """Do nothing: no device memory is held."""


def load(spec: ModelSpec, folder: Path | None, device: object) -> Classic:
    """Return the segmenter; `folder` and `device` are not needed."""
    return Classic(spec.input_size, Tuning())


def _pixels(points: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    columns = np.clip(np.floor(points[:, 0]).astype(int), 0, shape[1] - 1)
    rows = np.clip(np.floor(points[:, 1]).astype(int), 0, shape[0] - 1)
    return rows, columns


def _seeds(embedding: Encoded, prompts: CropPrompts) -> tuple[Flags, Flags]:
    """Return which superpixels surely belong to the object and which surely do not."""
    graph = embedding.graph
    touched = graph.labels[_pixels(prompts.points, graph.labels.shape)]
    positive, negative = np.zeros((2, len(graph.area)), bool)
    negative[touched[prompts.labels == 0]] = True
    if prompts.box is not None:
        x0, y0, x1, y1 = prompts.box
        x, y = graph.centre.T
        negative |= (x < x0) | (x > x1) | (y < y0) | (y > y1)
        if not (prompts.labels == 1).any():
            positive |= (abs(x - (x0 + x1) / 2) <= (x1 - x0) / 6) & (abs(y - (y0 + y1) / 2) <= (y1 - y0) / 6)
            middle = np.array([[(x0 + x1) / 2, (y0 + y1) / 2]], np.float32)
            positive[graph.labels[_pixels(middle, graph.labels.shape)]] = True
    positive[touched[prompts.labels == 1]] = True
    positive &= graph.valid >= classic_walk.HALF
    return positive, negative & ~positive


def _stamp(mask: Mask, prompts: CropPrompts) -> Mask:
    """Set the clicked pixels in `mask` to what the clicks say, and return which they are."""
    clicked = np.zeros_like(mask)
    rows, columns = _pixels(prompts.points, mask.shape)
    mask[rows, columns] = prompts.labels == 1
    clicked[rows, columns] = True
    return clicked


def _previous(embedding: Encoded, memory: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
    """Return an earlier answer as a chance for each superpixel."""
    if memory is None:
        return None
    x, y = (embedding.graph.centre / MEMORY_STEP).astype(int).T
    rows, columns = np.minimum(y, memory.shape[0] - 1), np.minimum(x, memory.shape[1] - 1)
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-memory[rows, columns].astype(np.float64)))
    return chance
