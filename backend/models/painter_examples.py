"""What a picture itself has of a class: for each part to be painted, a place of like shape to begin from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.signal import fftconvolve

Flags = NDArray[np.bool_]
Classes = NDArray[np.integer]
Cells = NDArray[np.intp]
AROUND = np.ones((3, 3), bool)
ENOUGH = 0.6
"""A place must have the class on this share of the part's cells, at least."""
NEARLY = 0.95
"""Among places that have this share of the best one's cells, chance decides."""


def examples(classes: Classes, painted: Flags, chance: np.random.Generator) -> Cells:
    """Return for each cell which to begin from, rows and columns (2, h, w); itself where there is no example.

    A part is 8-connected and of one class (h, w) other than 0, unknown, where it is to be `painted`. It is taken whole,
    by the shift that puts it on most known cells of its class.
    """
    found = np.indices(painted.shape)
    for value in np.unique(classes[painted & (classes > 0)]):
        known = (classes == value) & ~painted
        parts, count = label((classes == value) & painted, AROUND)
        for number in range(1, count + 1) if known.any() else ():
            rows, columns = np.nonzero(parts == number)
            shift = _shift(rows, columns, known, chance)
            if shift is not None:
                inside = known[rows + shift[0], columns + shift[1]]
                here = rows[inside], columns[inside]
                found[:, *here] = here[0] + shift[0], here[1] + shift[1]
    return found


def copied(cells: Cells) -> Flags:
    """Return which cells (h, w) have an example."""
    return np.asarray((cells != np.indices(cells.shape[1:])).any(0))


def finer(cells: Cells, scale: int) -> Cells:
    """Return the same for pixels, `scale` along the side of a cell."""
    within = np.indices((cells.shape[1] * scale, cells.shape[2] * scale)) % scale
    return np.asarray(cells.repeat(scale, 1).repeat(scale, 2) * scale + within)


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
