"""From vectors that were shown to a score of any vector."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS, NO_SCORE = 250, 255
"""The byte that stands for `high`, and the one of a place without a vector."""


class Likeness(Protocol):
    """Scores vectors: from `low` to `high`, of which `threshold` parts what is alike from the rest, to begin with."""

    @property
    def low(self) -> float:
        """Return the least."""

    @property
    def high(self) -> float:
        """Return the most."""

    @property
    def threshold(self) -> float:
        """Return where to begin."""

    def __call__(self, vectors: Floats) -> Floats:
        """Return the scores (n,) of vectors (n, width)."""


def as_bytes(likeness: Likeness, vectors: Floats) -> NDArray[np.uint8]:
    """Return scores as bytes 0 to STEPS."""
    parts = (likeness(vectors) - likeness.low) * (STEPS / (likeness.high - likeness.low))
    return np.clip(np.round(parts), 0, STEPS).astype(np.uint8)
