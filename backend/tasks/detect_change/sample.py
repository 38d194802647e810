"""Windows of both dates, spread over what they share: what alignment and normalisation are measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.on_grid import OnGrid
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.segmenter import Image
from backend.protocol import codes

SIDE, WINDOWS = 256, 5
"""Pixels of a window's side, and windows a side of what is shared, at most."""
SEED = 0


@dataclass(frozen=True)
class Both:
    """A window of both dates (h, w, 3) and where both have data."""

    before: Image
    after: Image
    valid: NDArray[np.bool_]


def sample(before: SourceReader, after: OnGrid, shared: Window) -> Iterator[Both]:
    """Yield windows with data of both dates: one in each of a grid of places, drawn there by a fixed seed."""
    drawn = np.random.default_rng(SEED)
    side = min(SIDE, max(32, min(shared.width, shared.height) // 2))
    width, height = min(side, shared.width), min(side, shared.height)
    columns, rows = (min(WINDOWS, max(1, 2 * length // side - 1)) for length in (shared.width, shared.height))
    for row in range(rows):
        for column in range(columns):
            left = _place(column, columns, shared.width - width, drawn)
            top = _place(row, rows, shared.height - height, drawn)
            both = read_both(before, after, Window(shared.col + left, shared.row + top, width, height))
            if both is not None:
                yield both


def read_both(before: SourceReader, after: OnGrid, window: Window) -> Both | None:
    """Return a window of both, None where one of them has no data there."""
    try:
        one, other = before.read(window), after.read(window)
    except BadInput as error:
        if error.code != codes.NO_VALID_PIXELS:
            raise
        return None
    return Both(one.image, other.image, one.valid & other.valid)


def _place(number: int, count: int, room: int, drawn: np.random.Generator) -> int:
    low, high = (room * edge // count for edge in (number, number + 1))
    return int(drawn.integers(low, high + 1))
