"""Alike by Fisher's linear discriminant: what was shown, told from the rest of the layer and from what is unwanted.

The direction is that of `tasks.ground.example`: the inverse of the layer's covariance, with a strong ridge, times the
way from the rest to the examples. A score is how far along that way a vector lies: 0 is the rest, 1 the examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

from .background import Background

Floats = NDArray[np.float32]
NEAREST = 1e-9
"""Squared distance below which examples are taken for the same as the rest."""


@dataclass(frozen=True)
class ByExamples:
    """Implements `Likeness`: `vectors @ weights + bias`, cut off at `low` and `high`; `threshold` is halfway."""

    weights: Floats
    bias: float
    low: float = 0.0
    high: float = 1.5
    threshold: float = 0.5

    def __call__(self, vectors: Floats) -> Floats:
        """Return the scores of vectors."""
        return np.asarray(np.clip(vectors @ self.weights + np.float32(self.bias), self.low, self.high), np.float32)


def like(wanted: Sequence[Floats], unwanted: Sequence[Floats], background: Background) -> ByExamples:
    """Return what is like `wanted`, each of which is a click or an area of vectors (n, width), all counting alike.

    The rest is the mean of the layer; with something unwanted, halfway from that to the mean of the unwanted.

    Raises:
        BadInput: PROMPT_INVALID for examples that do not differ from the rest.
    """
    shown = _mean(wanted)
    rest = (background.mean + _mean(unwanted)) / 2 if unwanted else background.mean
    way = shown - rest
    if way @ way < NEAREST:
        detail = "What is shown does not differ from what it is told from; show something else that is wanted or not."
        raise BadInput(codes.PROMPT_INVALID, detail)
    weights = background.precision @ way
    weights /= way @ weights
    return ByExamples(weights.astype(np.float32), float(-weights @ rest))


def _mean(shown: Sequence[Floats]) -> NDArray[np.float64]:
    return np.asarray(np.mean([vectors.mean(axis=0, dtype=np.float64) for vectors in shown], axis=0))
