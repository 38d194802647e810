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
    mixed = np.einsum("ij,jkc->ikc", rows, np.einsum("kj,ijc->ikc", columns, image.astype(np.float32)))
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def _weights(old: int, new: int) -> NDArray[np.float32]:
    """Return (new, old): how much each old pixel gives to each new one; rows sum to 1."""
    reach = max(old / new, 1.0)
    centres = (np.arange(new) + 0.5) * (old / new)
    distance = np.abs(np.arange(old)[None] + 0.5 - centres[:, None]) / reach
    weights = np.clip(1 - distance, 0, None)
    normal: NDArray[np.float32] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return normal
