"""Vectors at unit length, and the means of squares of them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from backend.geo.raster import Window

from .field import Floats

PIECE_BYTES = 64 * 2**20
"""Of vectors that are in memory at once while they are averaged."""


def directions(values: Floats) -> Floats:
    """Bring `values` (width, ...) to unit length in place and return them.

    They become NaN in all numbers where one is none or infinite, or all are zero: that is no data.
    """
    length = np.sqrt(np.einsum("i...,i...->...", values, values))
    known = np.isfinite(length) & (length > 0)
    values *= np.divide(1, length, out=np.full_like(length, np.nan), where=known)
    return values


def averaged(read: Callable[[Window], Floats], window: Window, step: int, width: int) -> Floats:
    """Return (width, rows, columns): the mean direction of every `step` x `step` cells of `window`.

    The last may be partial; cells without data count for nothing. `read` gives the unit vectors of a window; it is
    asked for pieces of about 64 MB.
    """
    if step == 1:
        return read(window)
    found = np.empty((width, -(-window.height // step), -(-window.width // step)), np.float32)
    most = max(1, PIECE_BYTES // (4 * width * step * step))
    columns = min(math.isqrt(most), found.shape[2])
    rows = most // columns
    for row in range(0, found.shape[1], rows):
        for column in range(0, found.shape[2], columns):
            piece = _part(window, column * step, row * step, columns * step, rows * step)
            found[:, row : row + rows, column : column + columns] = _means(read(piece), step)
    return found


def _part(window: Window, left: int, top: int, width: int, height: int) -> Window:
    return Window(
        window.col + left, window.row + top, min(width, window.width - left), min(height, window.height - top)
    )


def _means(vectors: Floats, step: int) -> Floats:
    np.nan_to_num(vectors, copy=False, nan=0)
    rows, columns = (range(0, side, step) for side in vectors.shape[1:])
    return directions(np.add.reduceat(np.add.reduceat(vectors, rows, axis=1), columns, axis=2))
