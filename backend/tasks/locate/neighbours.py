"""Prediction by the most alike places: cosine of their vectors, near ones weighing more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.models.location import Doubles

from .ridge import Predictor

COUNTS = (1, 3, 5, 10, 20, 50)
COMPARED = 2**24
"""Pairs at once, so that memory does not grow with the number of places asked for."""


def fit_neighbours(features: Doubles, targets: Doubles) -> Predictor:
    """Return what predicts (n, t) targets as the mean of the most alike places', weighted by closeness.

    Of 1, 3, 5, 10, 20 and 50 neighbours, the number is taken that errs least on places left out one by one.
    """
    known = unit(features)
    near, distance = _nearest(known, known, COUNTS[-1] + 1, itself=False)
    counts = [count for count in COUNTS if count < len(known)]
    errors = [np.mean((_mean(targets, near, distance, count) - targets) ** 2) for count in counts]
    best = counts[int(np.argmin(errors))]
    return lambda asked: _mean(targets, *_nearest(unit(asked), known, best), best)


def unit(vectors: Doubles) -> Doubles:
    """Return (n, d) vectors at length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _nearest(asked: Doubles, known: Doubles, count: int, itself: bool = True) -> tuple[NDArray[np.int64], Doubles]:
    """Return indices and distances (n, count) of the nearest of `known`, the nearest first."""
    count = min(count, len(known) - (not itself))
    near = np.empty((len(asked), count), np.int64)
    distance = np.empty((len(asked), count))
    rows_at_once = max(COMPARED // len(known), 1)
    for start in range(0, len(asked), rows_at_once):
        part = slice(start, start + rows_at_once)
        cosine = asked[part] @ known.T
        if not itself:
            rows = np.arange(len(cosine))
            cosine[rows, start + rows] = -np.inf
        some = np.sort(np.argpartition(-cosine, count - 1, axis=1)[:, :count], axis=1)
        close = np.take_along_axis(cosine, some, 1)
        order = np.argsort(-close, axis=1, kind="stable")  # of equally near places the first comes first
        near[part] = np.take_along_axis(some, order, 1)
        distance[part] = np.sqrt(np.maximum(2 - 2 * np.take_along_axis(close, order, 1), 0))
    return near, distance


def _mean(targets: Doubles, near: NDArray[np.int64], distance: Doubles, count: int) -> Doubles:
    weights = 1 / (distance[:, :count] + 1e-6)
    weights /= weights.sum(1, keepdims=True)
    return np.asarray((targets[near[:, :count]] * weights[:, :, None]).sum(1))
