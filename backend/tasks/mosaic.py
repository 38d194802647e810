"""Dense features of a whole image: overlapping crops, each trusted most in its middle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes

STRIDE = 4
OVERLAP = 128

Floats = NDArray[np.float32]
Dense = Callable[[NDArray[np.uint8], NDArray[np.bool_]], Floats]


def mosaic(reader: SourceReader, size: int, dense: Dense, progress: Callable[[float, str], None]) -> Floats:
    """Return (channels, ceil(height / 4), ceil(width / 4)) of `dense` over the source; NaN where there is no data."""
    rows, columns = -(-reader.grid.height // STRIDE), -(-reader.grid.width // STRIDE)
    windows = list(_windows(reader.grid.width, reader.grid.height, size))
    total: Floats | None = None
    trust = np.zeros((rows, columns), np.float32)
    known = np.zeros((rows, columns), np.bool_)
    for index, window in enumerate(windows):
        progress(100 * index / len(windows), f"Crop {index + 1} of {len(windows)}")
        try:
            crop = reader.read(window)
        except BadInput as error:
            if error.code != codes.NO_VALID_PIXELS:
                raise
            continue
        found = dense(crop.image, crop.valid)
        total = np.zeros((len(found), rows, columns), np.float32) if total is None else total
        top, left = window.row // STRIDE, window.col // STRIDE
        place = np.s_[top : top + found.shape[1]], np.s_[left : left + found.shape[2]]
        weight = _weight(found.shape[1], found.shape[2])
        total[:, *place] += found * weight
        trust[place] += weight
        known[place] |= crop.valid[::STRIDE, ::STRIDE]
    if total is None:
        raise BadInput(codes.NO_VALID_PIXELS, f"{reader.name!r} has no data anywhere; choose another source.")
    total /= np.maximum(trust, 1e-6)
    total[:, ~known] = np.nan
    return total


def _windows(width: int, height: int, size: int) -> list[Window]:
    across, down = _starts(width, size), _starts(height, size)
    return [Window(c, r, min(size, width - c), min(size, height - r)) for r in down for c in across]


def _starts(length: int, size: int) -> list[int]:
    if length <= size:
        return [0]
    last = -(-(length - size) // STRIDE) * STRIDE
    return sorted({min(start, last) for start in range(0, last + size - OVERLAP, size - OVERLAP)})


def _weight(rows: int, columns: int) -> Floats:
    def ramp(length: int) -> Floats:
        place = np.arange(length, dtype=np.float32) + 0.5
        return np.asarray(np.minimum(np.minimum(place, length - place) * STRIDE / (OVERLAP / 2), 1.0), np.float32)

    return np.asarray(ramp(rows)[:, None] * ramp(columns)[None], np.float32)
