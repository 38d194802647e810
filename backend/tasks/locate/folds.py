"""Which places are held out together: drawn at random, by blocks of the globe, or as the user's column says."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.models.location import Doubles

Folds = NDArray[np.int64]
"""The fold (n,) of each place, 0 and up."""

DEGREE_KM = 111.2
LARGEST_KM, FEW_BLOCKS = 2000.0, 30


def random_folds(count: int, folds: int, seed: int) -> Folds:
    """Return folds of nearly equal size, drawn at random: near places are in both parts."""
    found = np.empty(count, np.int64)
    found[np.random.default_rng(seed).permutation(count)] = np.arange(count) % folds
    return found


def block_folds(places: Doubles, side_km: float, folds: int, seed: int) -> Folds:
    """Return folds made of whole blocks of `side_km`, of sizes as equal as the blocks allow."""
    blocks = blocks_of(places, side_km)
    sizes = np.bincount(blocks)
    order = np.random.default_rng(seed).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    of_block, held = np.empty(len(sizes), np.int64), np.zeros(folds, np.int64)
    for block in order:
        of_block[block] = int(held.argmin())
        held[of_block[block]] += sizes[block]
    return np.asarray(of_block[blocks])


def column_folds(values: Sequence[object]) -> tuple[Folds, tuple[str, ...]]:
    """Return a fold for each different value, and the values in the order of the folds."""
    names, folds = np.unique(np.array([str(value) for value in values]), return_inverse=True)
    return folds.astype(np.int64), tuple(str(name) for name in names)


def fitting_side(places: Doubles) -> float:
    """Return the largest of 2000 km, 1000 km, 500 km ... whose blocks part the places into thirty at least.

    Few places are parted into a third as many blocks as there are places.
    """
    wanted = min(FEW_BLOCKS, max(len(np.unique(places, axis=0)) // 3, 2))
    side = LARGEST_KM
    while blocks_of(places, side).max() + 1 < wanted and side > 0.001:
        side /= 2
    return side


def blocks_of(places: Doubles, side_km: float) -> NDArray[np.int64]:
    """Return the block (n,) of each place: rows of equal height, cut into columns of about the same length."""
    height = side_km / DEGREE_KM
    rows = np.floor((places[:, 1] + 90) / height)
    middle = np.radians(np.clip((rows + 0.5) * height - 90, -90, 90))
    columns = np.maximum(np.round(360 * np.cos(middle) / height), 1)
    column = np.floor((places[:, 0] + 180) / 360 * columns) % columns
    return np.unique(rows * math.ceil(400 / height) + column, return_inverse=True)[1].astype(np.int64)
