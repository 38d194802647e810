"""The protocol's measures: R2, binary F1, and Q, which wants a score to be high and alike on every split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32] | NDArray[np.float64]
REGRESSION, CLASSIFICATION = "regression", "classification"
NEGLIGIBLE = 1e-4
"""Sums of squares below it count as 0, as in torchmetrics, whose R2 and F1 the protocol uses."""
EASE = 0.02


def r2(predicted: Floats, truth: Floats) -> float:
    """Return 1 - residual / total sum of squares; 1 where nothing is left over, 0 where nothing varies."""
    left = float(np.square(truth - predicted, dtype=np.float64).sum())
    total = float(np.square(truth - truth.mean(dtype=np.float64), dtype=np.float64).sum())
    if left <= NEGLIGIBLE:
        return 1.0
    return 0.0 if total <= NEGLIGIBLE else 1 - left / total


def binary_f1(logits: Floats, truth: Floats) -> float:
    """Return F1 of the class 1; 0 where it is neither there nor found.

    Logits above 0 mean the class. Where all of them lie between 0 and 1 the protocol takes them for probabilities,
    and those above one half mean it.
    """
    probable = bool(((logits >= 0) & (logits <= 1)).all())
    found, there = logits > (0.5 if probable else 0.0), truth > 0.5
    right = int((found & there).sum())
    return 2 * right / max(int(found.sum()) + int(there.sum()), 1)


MEASURES: Mapping[str, tuple[str, Callable[[Floats, Floats], float]]] = MappingProxyType(
    {REGRESSION: ("R2", r2), CLASSIFICATION: ("F1", binary_f1)}
)


def q_score(scores: list[float]) -> tuple[float, float, float]:
    """Return Q = 2 mean / (0.02 + deviation), the mean and the deviation of one task's splits: 100 at most."""
    mean, deviation = float(np.mean(scores)), float(np.std(scores))
    return 2 * mean / (EASE + deviation), mean, deviation
