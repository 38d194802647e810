"""Connected parts of masks: which belong to a prompt, and points well inside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.models.segmenter import Mask


def connected(mask: Mask, seeds: Mask) -> Mask:
    """Return the 4-connected parts of `mask` that hold any of `seeds`.

    Rows are taken as runs of set cells, which are joined where they touch those of the next row: several times quicker
    than giving every cell a label.
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    found = np.zeros(mask.shape, np.bool_)
    part = bounds(mask)
    within, width = mask[part], part[1].stop - part[1].start + 1
    padded = np.zeros((within.shape[0], width), np.int8)  # a column that is never set ends each row
    padded[:, :-1] = within
    change = np.diff(padded.ravel(), prepend=np.int8(0))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if starts.size == 0:
        return found
    first, last = np.searchsorted(ends, starts + width, "right"), np.searchsorted(starts, ends + width)
    counts = last - first
    above = np.repeat(np.arange(starts.size), counts)
    below = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    links = sparse.coo_matrix((np.ones(above.size), (above, below)), shape=(starts.size, starts.size))
    _, parts = connected_components(links, directed=False)
    padded[:, :-1] = seeds[part]
    held = np.maximum.reduceat(padded.ravel(), np.column_stack([starts, ends]).ravel())[::2] > 0
    own = np.isin(parts, parts[held])
    borders = np.column_stack([starts[own], ends[own]]).ravel()
    lengths = np.diff(borders, prepend=0, append=padded.size)
    found[part] = np.repeat(np.arange(lengths.size) % 2 == 1, lengths).reshape(padded.shape)[:, :-1]
    return found


def bounds(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and columns that hold all of `mask`; none of either where it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


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
