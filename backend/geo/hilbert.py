"""The Hilbert curve: places near each other on the plane are mostly near each other on it, and so in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS = 16


def hilbert_order(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the order of points (n, 2) along the curve over their extent; those without coordinates come last.

    Hilbert, Ueber die stetige Abbildung einer Linie auf ein Flächenstück, Mathematische Annalen 1891; places that the
    curve of 2^16 a side does not tell apart stay in their order.
    """
    known = np.isfinite(xy).all(1)
    distance = np.full(len(xy), np.iinfo(np.int64).max)
    if known.any():
        low = xy[known].min(0)
        extent = max(float(np.ptp(xy[known], axis=0).max()), np.finfo(np.float64).tiny)
        cells = ((xy[known] - low) / extent * (2**BITS - 1)).astype(np.int64)
        distance[known] = _distance(cells[:, 0], cells[:, 1])
    return np.argsort(distance, kind="stable")


def _distance(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how far along the curve cells 0 to 2^16 - 1 lie."""
    found = np.zeros(len(x), np.int64)
    for bit in reversed(range(BITS)):
        right, upper = (x >> bit) & 1, (y >> bit) & 1
        found += (3 * right ^ upper) << (2 * bit)
        x, y = np.where((upper == 0) & (right == 1), ~x, x), np.where((upper == 0) & (right == 1), ~y, y)
        x, y = np.where(upper == 0, y, x), np.where(upper == 0, x, y)
    return found
