"""Clicks as a person would place them: inside the object first, then in the middle of the largest error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Point = tuple[float, float, int]


def deepest(mask: Mask) -> tuple[int, int, float]:
    """Return row, column and depth of the pixel farthest from the mask's outside; the border counts as outside."""
    from scipy.ndimage import distance_transform_edt

    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return 0, 0, 0.0
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    depth = distance_transform_edt(np.pad(part, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), part.shape)
    return int(row + rows[0]), int(column + columns[0]), float(depth[row, column])


def next_click(mask: Mask, answer: Mask) -> Point:
    """Return x, y (pixel centres) and label of the next click."""
    missed, false = deepest(mask & ~answer), deepest(answer & ~mask)
    row, column, _ = max(missed, false, key=lambda found: found[2])
    return column + 0.5, row + 0.5, int(missed[2] >= false[2])


def somewhere(mask: Mask, drawn: np.random.Generator) -> Point:
    """Return a random click inside the mask: people do not always hit the middle."""
    rows, columns = np.nonzero(mask)
    chosen = int(drawn.integers(len(rows)))
    return columns[chosen] + 0.5, rows[chosen] + 0.5, 1
