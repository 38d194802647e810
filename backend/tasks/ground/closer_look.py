"""Looks at a source, coarse before fine: a tile is read where the look before finds it relevant.

A tile that is not fed to the model says what the look before says there, where its own mask has data. So tiles blend
as ever, a map is complete, and what a pixel gets depends on its place alone. Which tiles are fed is remembered, in 160
bytes a tile.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.tasks.ground_policy.closer import Closeness, is_relevant
from backend.tasks.tiles import TileLattice, hann

from .blend import KEPT_BYTES, Blended, Blender, Logits, Tile
from .grow import spread, taps

Floats = NDArray[np.float32]


class CloserLook(Blender):
    """The tiles of one look; the last band of `before`, the look before, is relevance."""

    def __init__(
        self,
        reader: SourceReader,
        lattice: TileLattice,
        logits: Logits,
        before: Blender,
        how: Closeness,
        kept_bytes: int = KEPT_BYTES,
        words: Sequence[int] = (),
        relevance: bool = False,
    ) -> None:
        """Look as `how` says; with `relevance` the last band of this look is relevance as well."""
        super().__init__(reader, lattice, logits, kept_bytes, words)
        self._before, self._how, self._bands = before, how, slice(None if relevance else -1)
        self._chosen: dict[Window, bool] = {}

    def _computed(self, place: Window) -> Tile | None:
        seen = self._glance(place)
        if seen is None or self._wanted(place, seen):
            return super()._computed(place)
        crop = self._read(place)  # for its mask: the look before steps over narrow holes
        if crop is None:
            return None
        self.passed[place] = crop.valid.size
        return Tile(self._finer(seen, place, self._bands), crop.valid)

    def _glance(self, place: Window) -> Blended | None:
        grid = self._reader.grid
        return self._before.window(self._lattice.in_source(place, grid.width, grid.height), lambda *_: None)

    def _wanted(self, place: Window, seen: Blended) -> bool:
        if place not in self._chosen:
            relevance = self._finer(seen, place, slice(-1, None))[0]
            side = self._how.across * seen.pixels // self._lattice.cell
            self._chosen[place] = is_relevant(relevance, share_of(self._lattice, place), side, self._how)
        return self._chosen[place]

    def _finer(self, seen: Blended, place: Window, bands: slice) -> Floats:
        """Return a coarse look's bands in the cells of a tile of this one, linear between the centres of cells."""
        stride, cell = self._lattice.stride, seen.pixels // self._lattice.cell
        rows, columns = (
            taps(start // stride, -(-length // stride), cell, first, cells)
            for start, length, first, cells in (
                (place.row, place.height, seen.top, seen.trust.shape[0]),
                (place.col, place.width, seen.left, seen.trust.shape[1]),
            )
        )
        known = np.maximum(spread((seen.trust > 0).astype(np.float32), rows, columns), 1e-6)
        return np.stack([spread(band, rows, columns) / known for band in seen.logits[bands]])


def share_of(lattice: TileLattice, place: Window) -> Floats:
    """Return how much a tile says in each of its cells, 0 to 1, where all tiles over it have data."""
    stride = lattice.stride
    rows, columns = -(-place.height // stride), -(-place.width // stride)
    total = np.zeros((rows, columns), np.float32)
    for tile in lattice.covering(place.col, place.row, place.col + place.width, place.row + place.height):
        height, width = -(-tile.height // stride), -(-tile.width // stride)
        down, right = (tile.row - place.row) // stride, (tile.col - place.col) // stride
        top, left = max(0, down), max(0, right)
        bottom, end = min(rows, down + height), min(columns, right + width)
        total[top:bottom, left:end] += hann(height, width)[top - down : bottom - down, left - right : end - right]
    return hann(rows, columns) / total
