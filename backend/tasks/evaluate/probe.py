"""The linear probe: one layer to one number, by AdamW, judged after every epoch on what is held out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scores import CLASSIFICATION, MEASURES

Floats = NDArray[np.float32]
DECAY, FIRST, SECOND, TINY = 0.01, 0.9, 0.999, 1e-8
"""Of AdamW, as torch has them."""


@dataclass(frozen=True)
class Settings:
    """The protocol's numbers, as its sample configuration has them.

    Attributes:
        folds: random splits, a tenth of the rows held out in each.
        seed: of the splits, and of the probe's start and order.
        epochs: passes over the teaching rows; the best one counts.
        batch: rows a step.
        rate: AdamW's learning rate.
        dimensions: numbers a vector is filled up to, and may have at most; 0: as many as it has.
    """

    folds: int = 40
    seed: int = 42
    epochs: int = 10
    batch: int = 64
    rate: float = 1e-3
    dimensions: int = 1024


def best_score(
    vectors: Floats,
    labels: Floats,
    teach: NDArray[np.int64],
    held: NDArray[np.int64],
    kind: str,
    settings: Settings,
    drawn: np.random.Generator,
) -> float:
    """Return the best epoch's R2 or F1 on the rows `held` of a probe that learns the rows `teach`.

    `vectors` (n, d + 1) end in a column of ones, which carries the bias; it starts as torch's linear layer does.
    """
    reach = (vectors.shape[1] - 1) ** -0.5
    start = drawn.uniform(-reach, reach, vectors.shape[1]).astype(np.float32)
    orders = (drawn.permutation(teach) for _ in range(settings.epochs))
    _, measure = MEASURES[kind]
    passes = learnt(vectors, labels, start, orders, kind, settings)
    return max(measure(vectors[held] @ weights, labels[held]) for weights in passes)


def learnt(
    vectors: Floats,
    labels: Floats,
    weights: Floats,
    orders: Iterable[NDArray[np.int64]],
    kind: str,
    settings: Settings,
) -> Iterator[Floats]:
    """Yield the weights after each pass over rows in one of the `orders`, from `weights` on, which are changed."""
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    steps = 0
    for order in orders:
        for begin in range(0, len(order), settings.batch):
            rows = order[begin : begin + settings.batch]
            steps += 1
            gradient = _gradient(vectors[rows], labels[rows], weights, kind)
            weights *= np.float32(1 - settings.rate * DECAY)
            mean += np.float32(1 - FIRST) * (gradient - mean)
            square += np.float32(1 - SECOND) * (gradient * gradient - square)
            spread = np.sqrt(square) / np.float32((1 - SECOND**steps) ** 0.5) + np.float32(TINY)
            weights -= np.float32(settings.rate / (1 - FIRST**steps)) * mean / spread
        yield weights


def _gradient(vectors: Floats, labels: Floats, weights: Floats, kind: str) -> Floats:
    """Return that of the mean squared error, or of the cross entropy of logits."""
    found = vectors @ weights
    if kind == CLASSIFICATION:
        return np.asarray((1 / (1 + np.exp(-found)) - labels) @ vectors / np.float32(len(labels)), np.float32)
    return np.asarray((found - labels) @ vectors * np.float32(2 / len(labels)), np.float32)
