"""What the change painter learns to paint: shapes of objects, here and of elsewhere, blobs, boxes, sometimes all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter, label

Flags = NDArray[np.bool_]
Labels = NDArray[np.uint8]
ALL, OWN, OTHER, BLOB = 0.1, 0.45, 0.75, 0.85
"""Up to these numbers a draw between 0 and 1 means all, objects here, shapes of elsewhere, a blob; else boxes."""
SMALLEST, MOST = 4, 6
AROUND = np.ones((3, 3), bool)


def painted(labels: Labels, other: Labels, drawn: np.random.Generator) -> Flags:
    """Return which cells (h, w) are to be painted, at least one, of `labels` and those of an `other` place."""
    kind = drawn.random()
    if kind < ALL:
        return np.ones(labels.shape, bool)
    if kind < OTHER:
        found = _objects(labels if kind < OWN else other, drawn)
    else:
        found = _blob(labels.shape, drawn) if kind < BLOB else _boxes(labels.shape, drawn)
    return found if found.any() else _boxes(labels.shape, drawn)


def _objects(labels: Labels, drawn: np.random.Generator) -> Flags:
    """Return some objects of one class, each cut where it is large, and dilated sometimes."""
    values = np.unique(labels)
    parts, _ = label(labels == values[drawn.integers(len(values))], AROUND)
    sizes = np.bincount(parts.ravel())[1:]
    large = np.flatnonzero(sizes >= SMALLEST) + 1
    if not len(large):
        return np.zeros(labels.shape, bool)
    taken = drawn.permutation(large)[: drawn.integers(1, MOST + 1)]
    found = np.isin(parts, taken)
    if found.mean() > 0.4:
        found &= _boxes(labels.shape, drawn)
    grown = int(drawn.integers(4))
    return np.asarray(binary_dilation(found, AROUND, grown) if grown else found)


def _blob(shape: tuple[int, ...], drawn: np.random.Generator) -> Flags:
    smooth = gaussian_filter(drawn.standard_normal(shape), drawn.uniform(2, 10))
    return np.asarray(smooth > np.quantile(smooth, drawn.uniform(0.5, 0.95)))


def _boxes(shape: tuple[int, ...], drawn: np.random.Generator) -> Flags:
    """Return one to four boxes at any angle."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    found = np.zeros(shape, bool)
    for _ in range(drawn.integers(1, 5)):
        angle, high, wide = drawn.uniform(0, np.pi), *np.exp(drawn.uniform(np.log(2), np.log(24), 2))
        down, across = rows - drawn.uniform(0, shape[0]), columns - drawn.uniform(0, shape[1])
        along, beside = np.cos(angle) * across + np.sin(angle) * down, np.cos(angle) * down - np.sin(angle) * across
        found |= (np.abs(along) < wide) & (np.abs(beside) < high)
    return found if found.any() else np.ones(shape, bool)
