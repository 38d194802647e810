"""The leaderboard's rank of several embeddings: ranks in every task, heavier where methods differ more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def weighted_ranks(scores: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the tasks' weights, the methods' weighted ranks (less is better), and their places from 1 on.

    `scores` are Q (methods, tasks). A task weighs as much as its Q deviates over methods; ties share the better rank.
    Where there is one method, or nothing deviates, all tasks weigh the same.
    """
    ranks = np.array([_ranks(-column) for column in scores.T], np.float64).T
    spread = np.std(scores, axis=0, ddof=1) if len(scores) > 1 else np.zeros(scores.shape[1])
    weights = spread / spread.sum() if spread.any() else np.full(scores.shape[1], 1 / scores.shape[1])
    weighted = ranks @ weights
    return weights, weighted, _ranks(weighted)


def _ranks(values: Floats) -> NDArray[np.int64]:
    """Return 1 + how many are smaller."""
    return np.asarray(1 + (values[None] < values[:, None]).sum(1), np.int64)
