"""What a picture itself has of a class: for each part to be painted, a place of like shape to begin from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.signal import fftconvolve

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Classes = NDArray[np.integer]
AROUND = np.ones((3, 3), bool)
ENOUGH = 0.6
"""A place must have the class on this share of the part's cells, at least."""
NEARLY = 0.95
"""Among places that have this share of the best one's cells, chance decides."""


def examples(picture: Floats, classes: Classes, painted: Flags, chance: np.random.Generator) -> tuple[Floats, Flags]:
    """Return a picture (3, h, w) with parts copied from elsewhere in it to where it is `painted`, and which cells were.

    A part is 8-connected and of one class (h, w) other than 0, unknown; it is copied whole, by the shift that puts it
    on most known cells of its class.
    """
    found, copied = picture.copy(), np.zeros_like(painted)
    for value in np.unique(classes[painted & (classes > 0)]):
        known = (classes == value) & ~painted
        parts, count = label((classes == value) & painted, AROUND)
        for number in range(1, count + 1) if known.any() else ():
            rows, columns = np.nonzero(parts == number)
            shift = _shift(rows, columns, known, chance)
            if shift is None:
                continue
            there = rows + shift[0], columns + shift[1]
            inside = known[there]
            here = rows[inside], columns[inside]
            found[:, *here] = picture[:, there[0][inside], there[1][inside]]
            copied[here] = True
    return found, copied


def _shift(
    rows: NDArray[np.intp], columns: NDArray[np.intp], known: Flags, chance: np.random.Generator
) -> tuple[int, int] | None:
    """Return rows and columns to go from a part to a place on known cells, None where too few would be."""
    top, left = int(rows.min()), int(columns.min())
    shape = np.zeros((int(rows.max()) - top + 1, int(columns.max()) - left + 1), np.float32)
    shape[rows - top, columns - left] = 1
    counts = np.round(fftconvolve(known.astype(np.float32), shape[::-1, ::-1], "valid"))
    best = counts.max()
    if best < ENOUGH * len(rows):
        return None
    places = np.argwhere(counts >= NEARLY * best)
    row, column = places[chance.integers(len(places))]
    return int(row) - top, int(column) - left
