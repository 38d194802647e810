"""Vectors of a raster in memory, a tile at a time, a byte a number: what a view shows is there for the next click."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.tasks.vectors.field import VectorField

from .cells import MOST_NUMBERS, Cells

Floats = NDArray[np.float32]
SIDE = 256
NUMBERS = 2**18
"""Numbers that are made float at a time: as many as the processor's cache holds."""
Values = Callable[[Floats], NDArray[np.uint8]]
"""Takes vectors (n, width) and returns a byte of each."""


@dataclass(frozen=True)
class Tile:
    """Vectors of SIDE x SIDE cells or fewer.

    Attributes:
        numbers: (rows, columns, width); `numbers * scale` are the vectors, to half of `scale`.
        known: (rows, columns): which cells have a vector.
    """

    numbers: NDArray[np.int8]
    scale: float
    known: NDArray[np.bool_]

    def draw(self, rows: slice, columns: slice, values: Values, blank: int) -> NDArray[np.uint8]:
        """Return `values` of some of its cells, `blank` where there is no vector."""
        numbers, known = self.numbers[rows, columns], self.known[rows, columns]
        found = np.full(known.shape, blank, np.uint8)
        step = max(1, NUMBERS // max(1, known.shape[1] * numbers.shape[2]))
        for top in range(0, len(known), step):
            some = numbers[top : top + step]
            vectors = some.reshape(-1, some.shape[2]).astype(np.float32)
            vectors *= self.scale
            found[top : top + step] = values(vectors).reshape(some.shape[:2])
        found[~known] = blank
        return found


class Tiles:
    """The tiles of one field, the least recently used dropped first. Not thread-safe."""

    def __init__(self, field: VectorField, most: int = MOST_NUMBERS + MOST_NUMBERS // 4) -> None:
        """Keep tiles of at most `most` bytes, of which one view takes less."""
        self._field = field
        self._most = most
        self._kept: OrderedDict[tuple[int, int, int], Tile] = OrderedDict()

    def draw(self, cells: Cells, values: Values, blank: int, on_step: Callable[[], None]) -> NDArray[np.uint8]:
        """Return (rows, columns) of `cells`; `on_step` is called before each tile and may raise.

        Raises:
            BadInput: as `VectorField.read`.
        """
        found = np.full((cells.rows, cells.columns), blank, np.uint8)
        left, top = cells.window.col // cells.step, cells.window.row // cells.step
        for row, (from_rows, to_rows) in _parts(top, cells.rows):
            for column, (from_columns, to_columns) in _parts(left, cells.columns):
                on_step()
                tile = self._tile(column, row, cells.step)
                found[to_rows, to_columns] = tile.draw(from_rows, from_columns, values, blank)
        return found

    def _tile(self, column: int, row: int, step: int) -> Tile:
        key = column, row, step
        if key not in self._kept:
            tile = _packed(self._read(column, row, step))
            self._kept[key] = tile
            while sum(one.numbers.nbytes for one in self._kept.values()) > self._most and len(self._kept) > 1:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _read(self, column: int, row: int, step: int) -> Floats:
        side, grid = SIDE * step, self._field.grid
        left, top = column * side, row * side
        return self._field.read(Window(left, top, min(side, grid.width - left), min(side, grid.height - top)), step)


def _packed(vectors: Floats) -> Tile:
    known = np.asarray(~np.isnan(vectors).any(axis=0))
    plain = np.where(known, vectors, 0)
    scale = max(float(np.abs(plain).max()), 1e-6) / 127
    numbers = np.round(plain / scale).astype(np.int8)
    return Tile(np.ascontiguousarray(numbers.transpose(1, 2, 0)), scale, known)


def _parts(start: int, count: int) -> Iterator[tuple[int, tuple[slice, slice]]]:
    """Yield the numbers of tiles, and which of their lines become which of `count` lines from `start` on."""
    for number in range(start // SIDE, -(-(start + count) // SIDE)):
        first, last = max(start, number * SIDE), min(start + count, (number + 1) * SIDE)
        yield number, (slice(first - number * SIDE, last - number * SIDE), slice(first - start, last - start))
