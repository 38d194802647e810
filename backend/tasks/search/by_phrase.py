"""Alike to a phrase, through the model that made the vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ByPhrase:
    """Implements `Likeness`: the probability that the phrase names a place, by the model's own logits.

    `logits` takes (width, rows, columns) and returns (1, rows, columns).
    """

    logits: Callable[[Floats], Floats]
    low: float = 0.0
    high: float = 1.0
    threshold: float = 0.5

    def __call__(self, vectors: Floats) -> Floats:
        """Return the scores of vectors."""
        logits = self.logits(np.ascontiguousarray(vectors.T)[:, None])[0, 0]
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), np.float32)
