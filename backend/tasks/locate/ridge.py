"""Ridge regression in NumPy; its strength is chosen by leaving out one place at a time, which has a closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backend.models.location import Doubles

STRENGTHS = np.logspace(-3, 4, 15)
Predictor = Callable[[Doubles], Doubles]
"""Takes features (n, d) and returns targets (n, t)."""


def fit_ridge(features: Doubles, targets: Doubles) -> Predictor:
    """Return what predicts (n, t) targets from standardised features (n, d).

    Of 15 strengths, 1e-3 to 1e4, the one with the least squared error on places left out one by one is taken.
    """
    centre, scale = features.mean(0), features.std(0)
    scale = np.where(scale > 1e-12 * np.abs(features).max(), scale, 1.0)
    values, middle = (features - centre) / scale, targets.mean(0)
    left, squares = _decomposed(values)
    inside = left.T @ (targets - middle)
    errors = [_left_out(left, squares / (squares + strength), inside, targets - middle) for strength in STRENGTHS]
    strength = STRENGTHS[int(np.argmin(errors))]
    weights = values.T @ (left @ (inside / (squares + strength)[:, None]))
    return lambda asked: np.asarray((asked - centre) / scale @ weights + middle)


def _decomposed(values: Doubles) -> tuple[Doubles, Doubles]:
    """Return the left singular vectors (n, r) and the squares of the singular values, by the smaller Gram matrix."""
    rows, columns = values.shape
    small = values.T @ values if columns < rows else values @ values.T
    squares, vectors = np.linalg.eigh(small)
    kept = squares > 1e-12 * squares[-1]
    squares, vectors = squares[kept], vectors[:, kept]
    return (values @ vectors / np.sqrt(squares) if columns < rows else vectors), squares


def _left_out(left: Doubles, shrinking: Doubles, inside: Doubles, targets: Doubles) -> float:
    """Return the mean square of what each place's own target is missed by when it is left out."""
    fitted = left @ (shrinking[:, None] * inside)
    own = (left**2) @ shrinking + 1 / len(left)
    return float(np.mean(((targets - fitted) / np.maximum(1 - own, 1e-9)[:, None]) ** 2))
