"""Alike by cosine: to the nearest of what is wanted, less to the nearest of what is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ByExamples:
    """Implements `Likeness`: `wanted` (n, width) and `unwanted` (m, width) are unit vectors, n at least 1."""

    wanted: Floats
    unwanted: Floats
    low: float = -1.0
    high: float = 1.0

    @property
    def threshold(self) -> float:
        """Return where to begin: with examples of both, what is nearer to the wanted ones counts."""
        return 0.0 if len(self.unwanted) else 0.5

    def __call__(self, vectors: Floats) -> Floats:
        """Return the scores of vectors."""
        score = (vectors @ self.wanted.T).max(axis=1)
        if len(self.unwanted):
            score = (score - (vectors @ self.unwanted.T).max(axis=1)) / 2
        return np.asarray(score, np.float32)
