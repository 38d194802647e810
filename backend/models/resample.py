"""Pictures at another size with the triangle filter, widened when shrinking: what Pillow calls bilinear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image


def resample(image: Image, size: tuple[int, int]) -> Image:
    """Return (rows, columns, 3) uint8 of `image` at `size` (rows, columns), larger or smaller."""
    if image.shape[:2] == size:
        return image
    rows, columns = (_weights(old, new) for old, new in zip(image.shape[:2], size, strict=True))
    narrow = columns @ image.astype(np.float32)
    mixed = (rows @ narrow.reshape(len(image), -1)).reshape(*size, image.shape[2])
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def sampled(grid: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return values of a grid (h, w) at rows x columns, counted from cell centres, linear between them."""
    (top, bottom, down), (left, right, across) = (
        _taps(at, n) for at, n in zip((rows, columns), grid.shape, strict=True)
    )
    tall = grid[top] * (1 - down)[:, None] + grid[bottom] * down[:, None]
    return np.asarray(tall[:, left] * (1 - across) + tall[:, right] * across, np.float32)


def _taps(at: NDArray[np.float64], cells: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    place = np.clip(at, 0, cells - 1)
    low = np.floor(place).astype(np.intp)
    return low, np.minimum(low + 1, cells - 1), (place - low).astype(np.float32)


def _weights(old: int, new: int) -> NDArray[np.float32]:
    """Return (new, old): how much each old pixel gives to each new one; rows sum to 1."""
    reach = max(old / new, 1.0)
    centres = (np.arange(new) + 0.5) * (old / new)
    distance = np.abs(np.arange(old)[None] + 0.5 - centres[:, None]) / reach
    weights = np.clip(1 - distance, 0, None)
    normal: NDArray[np.float32] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return normal
