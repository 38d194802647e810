"""What a picture itself has of a class: for each part to be painted, a place of like shape to begin from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label
from scipy.signal import fftconvolve

Flags = NDArray[np.bool_]
Classes = NDArray[np.integer]
Cells = NDArray[np.intp]
AROUND = np.ones((3, 3), bool)
ENOUGH = 0.6
"""A place must have the class on this share of the part's cells, at least."""
NEARLY = 0.95
"""Among places that have this share of the best one's cells, chance decides."""


def examples(classes: Classes, changed: Flags, painted: Flags, along: Flags, chance: np.random.Generator) -> Cells:
    """Return for each cell which to begin from, rows and columns (2, h, w); itself where there is no example.

    A part is 8-connected and of one class (h, w) other than 0, unknown, where it has `changed`. It is taken whole, by
    the shift that puts it on most known cells of its class. What is to go `along` with the part next to it is taken by
    the same shift, where that leads to known cells of other classes.
    """
    found = np.indices(painted.shape)
    for value in np.unique(classes[changed & (classes > 0)]):
        known, free = (classes == value) & ~painted, (classes != value) & ~painted
        parts, count = label((classes == value) & changed, AROUND)
        nearest = distance_transform_edt(parts == 0, return_distances=False, return_indices=True)
        beside = np.where(along & (parts == 0), parts[*nearest], 0)
        for number in range(1, count + 1) if known.any() else ():
            part, more = _listed(parts == number), _listed(beside == number)
            shift = _shift(part, known, more, free, chance)
            if shift is not None:
                for cells, there in ((part, known), (more, free)):
                    here = cells[:, _within(cells, there, shift[None])[0]]
                    found[:, *here] = here + shift[:, None]
    return found


def copied(cells: Cells) -> Flags:
    """Return which cells (h, w) have an example."""
    return np.asarray((cells != np.indices(cells.shape[1:])).any(0))


def finer(cells: Cells, scale: int) -> Cells:
    """Return the same for pixels, `scale` along the side of a cell."""
    within = np.indices((cells.shape[1] * scale, cells.shape[2] * scale)) % scale
    return np.asarray(cells.repeat(scale, 1).repeat(scale, 2) * scale + within)


def _shift(part: Cells, known: Flags, more: Cells, free: Flags, chance: np.random.Generator) -> NDArray[np.intp] | None:
    """Return rows and columns to go from a part to a place on known cells, None where too few would be.

    Among places that are nearly as good for the part, those count that are nearly the best for what goes along with it.
    """
    rows, columns = part
    top, left = int(rows.min()), int(columns.min())
    shape = np.zeros((int(rows.max()) - top + 1, int(columns.max()) - left + 1), np.float32)
    shape[rows - top, columns - left] = 1
    counts = np.round(fftconvolve(known.astype(np.float32), shape[::-1, ::-1], "valid"))
    best = counts.max()
    if best < ENOUGH * len(rows):
        return None
    shifts = np.argwhere(counts >= NEARLY * best) - (top, left)
    beside = _within(more, free, shifts).sum(1)
    shifts = shifts[beside >= NEARLY * beside.max()]
    return np.asarray(shifts[chance.integers(len(shifts))])


def _listed(flags: Flags) -> Cells:
    """Return rows and columns (2, n) of what is there."""
    return np.stack(np.nonzero(flags))


def _within(cells: Cells, there: Flags, shifts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which of n cells each of m shifts (m, 2) puts on what is `there`, (m, n)."""
    rows, columns = (one + shifts[:, [axis]] for axis, one in enumerate(cells))
    inside = (rows >= 0) & (rows < there.shape[0]) & (columns >= 0) & (columns < there.shape[1])
    return np.asarray(inside & there[rows * inside, columns * inside])
