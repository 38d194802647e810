"""The interface every promptable segmenter implements: encode a crop once, decode prompts many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CropPrompts:
    """Prompts in crop pixels (x right, y down, the centre of the first pixel is 0.5, 0.5).

    Attributes:
        points: (n, 2) float32.
        labels: (n,) int32, 1 = object, 0 = background.
        box: (4,) float32 x0, y0, x1, y1 or None.
        logits: the `Decoded.memory` of an earlier answer on the same crop, or None.
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int32]
    box: NDArray[np.float32] | None = None
    logits: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Decoded:
    """One object's mask.

    Attributes:
        logits: (height, width) float32 of the crop; above 0 is object.
        score: the model's estimate of the mask's IoU, 0 to 1.
        memory: what `CropPrompts.logits` of a refining call takes (low-resolution logits), or None.
    """

    logits: NDArray[np.float32]
    score: float
    memory: NDArray[np.float32] | None = None


class Embedding(Protocol):
    """An encoded crop, opaque to everyone but its model."""

    @property
    def nbytes(self) -> int:
        """Return the memory it holds, for the cache's budget."""


class Segmenter(Protocol):
    """A loaded model. Calls come from one thread only."""

    input_size: int

    def encode(self, image: Image, valid: Mask) -> Embedding:
        """Encode a crop: (height, width, 3) uint8 of at most `input_size` a side, and where its pixels are data."""

    def decode(self, embedding: Embedding, prompts: CropPrompts) -> Decoded:
        """Return the mask of the object the prompts point at, at the crop's own size."""

    def close(self) -> None:
        """Free device memory."""
