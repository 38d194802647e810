"""The interface of everything that turns a picture into a vector."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image, Mask


class Embedder(Protocol):
    """A loaded embedder. Calls come from one thread only."""

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the unit vector of a picture (height, width, 3), and the weight of each scale in it (may be empty)."""

    def close(self) -> None:
        """Free memory."""


class DenseEmbedder(Embedder, Protocol):
    """An embedder that also has a vector for every place, and can tell which phrase names it."""

    input_size: int

    def dense(self, image: Image, valid: Mask) -> NDArray[np.float32]:
        """Return (channels, ceil(height / 4), ceil(width / 4)) of a picture of at most `input_size` a side."""

    def phrases(self, phrases: list[str]) -> NDArray[np.float32]:
        """Return (n, channels): what dense features are compared with."""

    def scores(self, dense: NDArray[np.float32], phrases: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return logits (n, height, width); above 0 means that the phrase names the place."""
