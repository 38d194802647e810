"""How much of the area became what: `C.csv`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .method import Bytes

COLUMNS = ("from", "to", "pixels", "area_m2", "share")


@dataclass
class Areas:
    """Sums over units; a move is the class before and after, 0 where none is known.

    Attributes:
        known: pixels with data of both dates.
    """

    known: int = 0
    known_m2: float = 0.0
    pixels: Counter[tuple[int, int]] = field(default_factory=Counter)
    m2: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, known: int, changed: NDArray[np.bool_], bands: Bytes, pixel_m2: float) -> None:
        """Add a unit: its pixels with data, which of them changed, its file's bands, the area of a pixel."""
        self.known += known
        self.known_m2 += known * pixel_m2
        moves = np.zeros(int(changed.sum()), np.int64)
        if len(bands) > 1:
            moves = bands[1][changed].astype(np.int64) << 8 | bands[2][changed]
        for key, count in zip(*(each.tolist() for each in np.unique(moves, return_counts=True)), strict=True):
            move = key >> 8, key & 255
            self.pixels[move] += count
            self.m2[move] += count * pixel_m2

    def rows(self, classes: Sequence[str]) -> list[dict[str, Any]]:
        """Return a row a move, the largest first; `classes` are the names of 1 and up, an unknown one is empty."""
        names = ("", *classes)
        ordered = sorted(self.pixels, key=lambda move: (-self.pixels[move], move))
        return [
            {
                "from": names[move[0]],
                "to": names[move[1]],
                "pixels": self.pixels[move],
                "area_m2": round(float(self.m2[move]), 2),
                "share": round(self.pixels[move] / self.known, 6),
            }
            for move in ordered
        ]


def table_bytes(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return the CSV of `rows`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
