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

from .mini_graphs import Floats, Graph

WORDS = re.compile(r"\w+|[^\w\s]")
LONGEST = 100


class WordPiece:
    """Uncased WordPiece over a vocabulary: the longest known beginning of a word, then the longest known rests."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._ids = {token: index for index, token in enumerate(vocabulary)}

    @property
    def words(self) -> frozenset[str]:
        """Return the tokens that are whole words, or their beginnings."""
        return frozenset(token for token in self._ids if token.isalpha())

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


def padded(rows: list[list[int]]) -> tuple[NDArray[np.int64], Floats]:
    """Return token ids (n, longest) and where they are tokens: 1, and 0 for what only fills the row."""
    longest = max(1, *map(len, rows))
    ids, known = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.float32)
    for index, row in enumerate(rows):
        ids[index, : len(row)], known[index, : len(row)] = row, 1
    return ids, known


class TextTower:
    """Sentence vectors close to MiniLM's for short phrases, and what dense features are compared with.

    `scale` and `bias` make a logit of the cosine. With `gram` (64, 64) the length that the 64 numbers `h` of a place
    have as 384 is the root of `h @ gram @ h`.
    """

    def __init__(self, folder: Path) -> None:
        described = json.loads((folder / "text.json").read_text(encoding="utf-8"))
        self.scale, self.bias = float(described["scale"]), float(described["bias"])
        self.gram = np.array(described["gram"], np.float32)
        self._tokens = WordPiece(described["vocabulary"])
        self._graph = Graph(folder / "text.onnx", threads=1)

    def __call__(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, 384); a phrase of unknown words only gives the mean phrase."""
        return self._run(phrases)["sentence"]

    @property
    def words(self) -> frozenset[str]:
        """Return the words it has a vector for."""
        return self._tokens.words

    def places(self, phrases: list[str]) -> Floats:
        """Return (n, 64): the part of the phrases' vectors that dense features can be compared with."""
        return self._run(phrases)["place"]

    def _run(self, phrases: list[str]) -> dict[str, Floats]:
        ids, known = padded([self._tokens(phrase) for phrase in phrases])
        return self._graph(ids=ids, known=known)
