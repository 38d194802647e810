"""Phrases to vectors without a language model: WordPiece tokens, a table distilled from MiniLM, a weighted mean.

The table holds one 8-bit row a token. A phrase is the weighted mean of its tokens' rows, mapped linearly into
MiniLM's 384 dimensions; `backend/training/distil_text.py` fits rows, weights and map to the tower's own vectors.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
WORDS = re.compile(r"\w+|[^\w\s]")
LONGEST = 100


class WordPiece:
    """Uncased WordPiece over a vocabulary: the longest known beginning of a word, then the longest known rests."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._ids = {token: index for index, token in enumerate(vocabulary)}

    def __call__(self, phrase: str) -> list[int]:
        """Return token ids; a word with a part that is not in the vocabulary gives none."""
        plain = "".join(c for c in unicodedata.normalize("NFD", phrase.lower()) if unicodedata.category(c) != "Mn")
        return [index for word in WORDS.findall(plain) for index in self._pieces(word[:LONGEST])]

    def _pieces(self, word: str) -> list[int]:
        found, start = [], 0
        while start < len(word):
            beginning = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if beginning + word[start:end] in self._ids)
            end = next(ends, None)
            if end is None:
                return []
            found.append(self._ids[beginning + word[start:end]])
            start = end
        return found


class TextTower:
    """Sentence vectors close to MiniLM's for short phrases, and what is needed to compare pixels with them."""

    def __init__(self, folder: Path) -> None:
        self._tokens = WordPiece((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
        with np.load(folder / "text.npz", allow_pickle=False) as arrays:
            self._table: NDArray[np.int8] = arrays["table"]
            self._steps, self._weights = arrays["steps"].astype(np.float32), arrays["weights"].astype(np.float32)
            self._map, self._offset = arrays["map"].astype(np.float32), arrays["offset"].astype(np.float32)
            self._pixels = arrays["pixels"].astype(np.float32)
        constants = json.loads((folder / "text.json").read_text(encoding="utf-8"))
        self.scale, self.bias = float(constants["scale"]), float(constants["bias"])

    def __call__(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, 384); a phrase of unknown words only gives the mean phrase."""
        return np.stack([self._vector(self._tokens(phrase)) for phrase in phrases])

    def project(self, vectors: Floats) -> Floats:
        """Return (n, 64): the part of the vectors that dense features can be compared with."""
        return np.asarray(vectors @ self._pixels, np.float32)

    def _vector(self, ids: list[int]) -> Floats:
        mean = np.zeros(self._table.shape[1], np.float32)
        if ids:
            rows = self._table[ids].astype(np.float32) * self._steps[ids, None]
            weights = self._weights[ids, None]
            mean = (rows * weights).sum(0) / weights.sum()
        vector: Floats = mean @ self._map + self._offset
        return vector / np.linalg.norm(vector)
