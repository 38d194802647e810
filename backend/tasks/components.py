"""Connected parts of masks: which belong to a prompt, and points well inside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.models.segmenter import Mask


def connected(mask: Mask, seeds: Mask) -> Mask:
    """Return the 4-connected parts of `mask` that hold any of `seeds`."""
    from scipy import ndimage

    labels, count = ndimage.label(mask)
    wanted = np.zeros(count + 1, np.bool_)
    wanted[np.unique(labels[seeds & mask])] = True
    wanted[0] = False
    return np.asarray(wanted[labels])


def inner_points(mask: Mask, count: int) -> NDArray[np.float32]:
    """Return up to `count` points (x, y of cell centres) deep inside `mask` and apart from each other.

    The deepest cell first; each next one is the deepest outside twice the circles that fit into the mask at those
    before. Beyond the array counts as outside the mask.
    """
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    points: list[tuple[float, float]] = []
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    while len(points) < count and depth.any():
        row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
        radius = float(depth[row, column])
        points.append((column + 0.5, row + 0.5))
        depth[(rows - row) ** 2 + (columns - column) ** 2 <= (2 * radius) ** 2] = 0
    return np.asarray(points, np.float32).reshape(-1, 2)
