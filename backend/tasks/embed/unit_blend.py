"""The vectors of one unit from its tiles: blended with Hann weights, averaged over blocks, of unit length.

Every array has the shape of the whole unit and every sum runs in the tiles' order, so that a block's numbers are the
same to the last bit whatever area is asked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.unit_bytes import at_unit_length
from backend.tasks.tiles import hann

from .kept import Tile

Floats = NDArray[np.float32]


class UnitBlend:
    """Adds up tiles over `window`, in pixels, which begins on a block's corner."""

    def __init__(self, window: Window, stride: int, width: int) -> None:
        rows, columns = -(-window.height // stride), -(-window.width // stride)
        self._window, self._stride = window, stride
        self._total = np.zeros((width, rows, columns), np.float32)
        self._trust = np.zeros((rows, columns), np.float32)
        self._known = np.zeros((rows, columns), np.bool_)

    def add(self, place: Window, tile: Tile) -> None:
        """Add a tile that lies at `place`, in pixels."""
        if not tile.known.size:
            return
        rows, columns = tile.known.shape
        down, from_row = _shared((place.row - self._window.row) // self._stride, rows, self._trust.shape[0])
        across, from_column = _shared((place.col - self._window.col) // self._stride, columns, self._trust.shape[1])
        weight = hann(rows, columns)[from_row, from_column]
        self._total[:, down, across] += tile.features[:, from_row, from_column] * weight
        self._trust[down, across] += weight
        self._known[down, across] |= tile.known[from_row, from_column]

    def vectors(self, block: int) -> Floats:
        """Return (width, rows, columns) of blocks of `block` pixels, NaN where one holds no data; call it once."""
        per = block // self._stride
        mean = self._total
        mean /= np.maximum(self._trust, 1e-6)
        mean[:, ~self._known] = 0
        if per > 1:
            mean = _sums(mean, per)
        known = _any(self._known, per)
        found = np.asarray(at_unit_length(mean), np.float32)
        found[:, ~known] = np.nan
        return found


def blocks_known(valid: NDArray[np.bool_], stride: int) -> NDArray[np.bool_]:
    """Return which blocks of `stride` x `stride` of `valid` hold a pixel of data."""
    return _any(valid, stride)


def _shared(start: int, length: int, room: int) -> tuple[slice, slice]:
    """Return where `length` places from `start` on lie within 0 to `room`, there and in themselves."""
    low, high = max(0, start), min(room, start + length)
    return slice(low, high), slice(low - start, high - start)


def _sums(values: Floats, per: int) -> Floats:
    """Return the sums of `per` x `per` places, one place after another: the order of a sum must not vary."""
    rows, columns = (-(-side // per) for side in values.shape[1:])
    found = np.zeros((len(values), rows, columns), np.float32)
    for down in range(per):
        for across in range(per):
            part = values[:, down::per, across::per]
            found[:, : part.shape[1], : part.shape[2]] += part
    return found


def _any(values: NDArray[np.bool_], per: int) -> NDArray[np.bool_]:
    """Return whether any of `per` x `per` places is true; the last ones may be partial."""
    rows, columns = (np.arange(0, side, per) for side in values.shape)
    return np.logical_or.reduceat(np.logical_or.reduceat(values, rows, 0), columns, 1)
