"""Cells to pixels: linear between the centres of cells, which are counted from the source's corner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Taps = tuple[NDArray[np.intp], NDArray[np.intp], Floats]


def taps(start: int, length: int, cell: int, first: int, cells: int) -> Taps:
    """Return for pixels `start` to `start + length` their two cells and how much the second counts.

    There are `cells` of `cell` pixels, from cell `first` on; at the ends the last one is taken twice.
    """
    place = (np.arange(start, start + length) + 0.5) / cell - 0.5
    low = np.floor(place)
    near, far = (np.clip(low + k - first, 0, cells - 1).astype(np.intp) for k in (0, 1))
    return near, far, (place - low).astype(np.float32)


def spread(cells: Floats, rows: Taps, columns: Taps) -> Floats:
    """Return (rows, columns) of pixels."""
    tall = cells[rows[0]] * (1 - rows[2])[:, None] + cells[rows[1]] * rows[2][:, None]
    return np.asarray(tall[:, columns[0]] * (1 - columns[2]) + tall[:, columns[1]] * columns[2])
