"""Many vectors in memory, a byte a number, with signs that leave most of them out of a comparison.

The signs are those of the numbers, less their mean, or of random projections where there are few (Charikar, Similarity
estimation techniques from rounding algorithms, STOC 2002). docs/search.md has time and recall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BLOCK, WORD = 65_536, 64
SIGNS = 256
"""A vector at the least; one of fewer numbers is projected onto as many random directions."""
CANDIDATES = 16_000
"""Vectors that are compared."""


@dataclass(frozen=True)
class Index:
    """Vectors (n, width) as they were given, in that order.

    Attributes:
        numbers: (n, width); `numbers * scales` are the vectors, to half a step.
        scales: (n,); NaN for a row without a vector.
        words: (n, signs / 64): a bit for each sign.
        centre: (width,), the mean.
        directions: (width, signs), what signs are of; empty where they are of the numbers themselves.
    """

    numbers: NDArray[np.int8]
    scales: Floats
    words: NDArray[np.uint64]
    centre: Floats
    directions: Floats

    def nearest(
        self, weights: Floats, count: int, candidates: int = CANDIDATES, towards: Floats | None = None
    ) -> NDArray[np.int64]:
        """Return the rows (count,) of the largest `vectors @ weights`, the largest first; fewer where there are.

        `candidates` vectors are compared, those whose signs agree most with those of `towards`, or of the weights; 0
        compares all. What is near a vector is told best by the vector less `centre`.
        """
        rows = (
            self._agreeing(weights if towards is None else towards, max(candidates, count))
            if candidates
            else np.arange(len(self.numbers))
        )
        scores = np.full(len(rows), -np.inf, np.float32)
        for top in range(0, len(rows), BLOCK):
            some = rows[top : top + BLOCK] if candidates else slice(top, top + BLOCK)
            scores[top : top + BLOCK] = (self.numbers[some].astype(np.float32) @ weights) * self.scales[some]
        scores[np.isnan(scores)] = -np.inf
        best = _largest(scores, count)
        return np.asarray(rows[best[np.isfinite(scores[best])]])

    @classmethod
    def of_bytes(cls, data: bytes) -> Index:
        """Return what `data` gave. Raises ValueError for what is none."""
        count, width = np.frombuffer(data, np.int64, 2).tolist()
        words, signs = -(-max(width, SIGNS) // WORD), SIGNS if width < SIGNS else 0
        shapes = (np.int8, (count, width)), (np.float32, (count,)), (np.uint64, (count, words)), (np.float32, (width,))
        parts, start = list[NDArray[Any]](), 16
        for dtype, shape in (*shapes, (np.float32, (width, signs))):
            parts.append(np.frombuffer(data, dtype, math.prod(shape), start).reshape(shape))
            start += parts[-1].nbytes
        return cls(*parts)

    def data(self) -> bytes:
        """Return it as it lies in a file: rows, width, the arrays one after another."""
        head = np.array(self.numbers.shape, np.int64).tobytes()
        parts = self.numbers, self.scales, self.words, self.centre, self.directions
        return head + b"".join(part.tobytes() for part in parts)

    def _agreeing(self, weights: Floats, count: int) -> NDArray[np.int64]:
        wanted = _words(_projected(weights[None], self.directions) > 0)[0]
        apart = np.zeros(len(self.words), np.uint16)
        for column, word in enumerate(wanted):
            apart += np.bitwise_count(self.words[:, column] ^ word)
        apart[np.isnan(self.scales)] = np.iinfo(np.uint16).max
        if count >= len(apart):
            return np.arange(len(apart))
        return np.argpartition(apart, count)[:count]


def index_of(vectors: Floats) -> Index:
    """Return the index of vectors (n, width), NaN in those that are none."""
    count, width = vectors.shape
    known = np.asarray(~np.isnan(vectors).any(axis=1))
    centre = np.nan_to_num(vectors[known].sum(axis=0, dtype=np.float64) / max(1, known.sum())).astype(np.float32)
    directions = np.empty((width, 0), np.float32)
    if width < SIGNS:
        directions = np.random.default_rng(0).standard_normal((width, SIGNS), np.float32)
    numbers = np.zeros(vectors.shape, np.int8)
    scales = np.full(count, np.nan, np.float32)
    words = np.zeros((count, -(-max(width, SIGNS) // WORD)), np.uint64)
    for top in range(0, count, BLOCK):
        part = slice(top, top + BLOCK)
        block = np.where(known[part, None], vectors[part], 0)
        steps = np.maximum(np.abs(block).max(axis=1), 1e-12) / 127
        numbers[part] = np.round(block / steps[:, None])
        scales[part] = np.where(known[part], steps, np.nan)
        words[part] = _words(_projected(block - centre, directions) > 0)
    return Index(numbers, scales, words, centre, directions)


def _projected(vectors: Floats, directions: Floats) -> Floats:
    return vectors @ directions if directions.size else vectors


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return bits (n, signs) in words of 64, the last filled with zeros."""
    filled = np.pad(bits, ((0, 0), (0, -bits.shape[1] % WORD)))
    return np.packbits(filled, axis=1).view(np.uint64)


def _largest(scores: Floats, count: int) -> NDArray[np.intp]:
    if count < len(scores):
        some = np.argpartition(-scores, count)[:count]
        return np.asarray(some[np.argsort(-scores[some], kind="stable")])
    return np.asarray(np.argsort(-scores, kind="stable"))
