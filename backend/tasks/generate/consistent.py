"""Pictures whose means over 4 x 4 pixels are the picture before: back-projection (Irani and Peleg, 1991)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.models.generator import SCALE

Floats = NDArray[np.float32]
PASSES = 3


def consistent(pictures: Floats, low: Floats) -> Floats:
    """Return `pictures` (n, 3, 4 h, 4 w), -1 to 1, with what their means lack of `low` (n, 3, h, w) laid over them.

    What is laid over is smooth, so that pixels of the picture before leave no edges; each pass brings the means nearer.
    """
    found = pictures
    for _ in range(PASSES):
        found = np.clip(found + _smooth(low - means(found)), -1, 1)
    return np.asarray(found, np.float32)


def means(pictures: Floats) -> Floats:
    """Return the means (n, c, h, w) of the cells of pictures (n, c, 4 h, 4 w)."""
    n, channels, height, width = pictures.shape
    cells = pictures.reshape(n, channels, height // SCALE, SCALE, width // SCALE, SCALE)
    return np.asarray(cells.mean((3, 5)))


def _smooth(low: Floats) -> Floats:
    """Return (n, c, 4 h, 4 w), bilinear between the middles of the cells of (n, c, h, w)."""
    return _along(_along(low, 2), 3)


def _along(values: Floats, axis: int) -> Floats:
    """Return values four times as many along an axis."""
    count = values.shape[axis]
    at = (np.arange(count * SCALE) + 0.5) / SCALE - 0.5
    first = np.floor(at).astype(int)
    share = (at - first).astype(np.float32)
    shape = [1] * values.ndim
    shape[axis] = len(at)
    weight = share.reshape(shape)
    before = values.take(np.clip(first, 0, count - 1), axis)
    after = values.take(np.clip(first + 1, 0, count - 1), axis)
    return np.asarray(before * (1 - weight) + after * weight)
