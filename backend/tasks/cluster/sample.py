"""A bounded part of many vectors, drawn by a seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.pyramid import windows
from backend.protocol import codes
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable

Floats = NDArray[np.float32]
BLOCK, BLOCKS = 256, 128
"""Cells a side that are read together, and how many such blocks are read where all of them have data."""


def sample_of(
    vectors: VectorField | VectorTable, most: int, seed: int, progress: Callable[[float, str], None]
) -> Floats:
    """Return (n, width) of at most `most` vectors; the same seed draws the same.

    A raster is read in blocks drawn at random, so that what is read does not grow with it.

    Raises:
        BadInput: NO_VALID_PIXELS where there is no vector at all.
    """
    drawn = np.random.default_rng(seed)
    if isinstance(vectors, VectorTable):
        known = vectors.vectors[~np.isnan(vectors.vectors).any(1)]
        found = known[np.sort(drawn.permutation(len(known))[:most])]
    else:
        found = _of_field(vectors, most, drawn, progress)
    if not len(found):
        raise BadInput(codes.NO_VALID_PIXELS, f"{vectors.name!r} has no data anywhere; choose another source.")
    return found


def _of_field(
    field: VectorField, most: int, drawn: np.random.Generator, progress: Callable[[float, str], None]
) -> Floats:
    blocks = list(windows(field.grid, BLOCK))
    each = -(-most // min(len(blocks), BLOCKS))
    found, count = [np.empty((0, field.identity.width), np.float32)], 0
    for index, place in enumerate(drawn.permutation(len(blocks)).tolist()):
        progress(min(99.0, 100 * count / most), f"Looking at part {index + 1}")
        cells = field.read(blocks[place]).reshape(field.identity.width, -1)
        known = np.flatnonzero(~np.isnan(cells[0]))
        found.append(cells[:, np.sort(drawn.permutation(known)[:each])].T)
        count += len(found[-1])
        if count >= most:
            break
    return np.concatenate(found)[:most]
