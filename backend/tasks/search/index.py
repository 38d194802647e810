"""Many vectors in memory, a byte a number, with the signs of their numbers to leave most of them out by.

Exact where asked; else the vectors whose signs agree with the query's most are compared, a few thousand of millions
(Charikar, Similarity estimation techniques from rounding algorithms, STOC 2002). docs/search.md has time and recall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BLOCK, WORD = 65_536, 64
CANDIDATES = 1000
"""Vectors that are compared at the least."""


@dataclass(frozen=True)
class Index:
    """Vectors (n, width) as they were given, in that order.

    Attributes:
        numbers: (n, width); `numbers * scales` are the vectors, to half a step.
        scales: (n,); NaN for a row without a vector.
        words: (n, ceil(width / 64)): a bit of each number, whether it is above the mean.
        centre: (width,), the mean.
    """

    numbers: NDArray[np.int8]
    scales: Floats
    words: NDArray[np.uint64]
    centre: Floats

    def nearest(self, weights: Floats, count: int, exact: bool = False) -> NDArray[np.int64]:
        """Return the rows (count,) of the largest `vectors @ weights`, the largest first; fewer where there are."""
        rows = np.arange(len(self.numbers)) if exact else self._agreeing(weights, max(CANDIDATES, 4 * count))
        scores = np.full(len(rows), -np.inf, np.float32)
        for top in range(0, len(rows), BLOCK):
            some = rows[top : top + BLOCK] if not exact else slice(top, top + BLOCK)
            scores[top : top + BLOCK] = (self.numbers[some].astype(np.float32) @ weights) * self.scales[some]
        scores[np.isnan(scores)] = -np.inf
        best = _largest(scores, count)
        return np.asarray(rows[best[np.isfinite(scores[best])]])

    def _agreeing(self, weights: Floats, count: int) -> NDArray[np.int64]:
        length = max(float(self.centre @ self.centre), 1e-12)
        across = weights - self.centre * (float(weights @ self.centre) / length)
        wanted = _words(across[None] > 0)[0]
        apart = np.zeros(len(self.words), np.uint16)
        for column, word in enumerate(wanted):
            apart += np.bitwise_count(self.words[:, column] ^ word)
        apart[np.isnan(self.scales)] = np.iinfo(np.uint16).max
        if count >= len(apart):
            return np.arange(len(apart))
        return np.argpartition(apart, count)[:count]


def index_of(vectors: Floats) -> Index:
    """Return the index of vectors (n, width), NaN in those that are none."""
    known = np.asarray(~np.isnan(vectors).any(axis=1))
    centre = (
        vectors[known].mean(axis=0, dtype=np.float64).astype(np.float32) if known.any() else vectors[:0].sum(axis=0)
    )
    numbers = np.zeros(vectors.shape, np.int8)
    scales = np.full(len(vectors), np.nan, np.float32)
    words = np.zeros((len(vectors), -(-vectors.shape[1] // WORD)), np.uint64)
    for top in range(0, len(vectors), BLOCK):
        part = slice(top, top + BLOCK)
        block = np.where(known[part, None], vectors[part], 0)
        steps = np.maximum(np.abs(block).max(axis=1), 1e-12) / 127
        numbers[part] = np.round(block / steps[:, None])
        scales[part] = np.where(known[part], steps, np.nan)
        words[part] = _words(block > centre)
    return Index(numbers, scales, words, centre)


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return bits (n, width) in words of 64, the last filled with zeros."""
    filled = np.pad(bits, ((0, 0), (0, -bits.shape[1] % WORD)))
    return np.packbits(filled, axis=1).view(np.uint64)


def _largest(scores: Floats, count: int) -> NDArray[np.intp]:
    if count < len(scores):
        some = np.argpartition(-scores, count)[:count]
        return np.asarray(some[np.argsort(-scores[some], kind="stable")])
    return np.asarray(np.argsort(-scores, kind="stable"))
