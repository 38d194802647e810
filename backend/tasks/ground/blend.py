"""Logits of any window of a source: its tiles, blended with Hann weights, grown from cells to pixels.

What a pixel gets depends on the source and the tiles over it alone, added up in the tiles' order: windows that overlap
agree to the last bit. Nothing is normalised by what a tile or a window holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Crop, Window
from backend.tasks.tiles import TileLattice, hann

from .data import Pixels, read_data
from .grow import spread, taps
from .reading import shared_logit, total_of

Floats = NDArray[np.float32]
Logits = Callable[[NDArray[np.uint8], NDArray[np.bool_]], Floats]
KEPT_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Tile:
    """A tile's logits (n, rows, columns of cells) and which of its model pixels are data."""

    logits: Floats
    valid: NDArray[np.bool_]

    @property
    def nbytes(self) -> int:
        """Return the memory it takes."""
        return self.logits.nbytes + self.valid.nbytes


@dataclass(frozen=True)
class Blended:
    """A window's logits in cells of `pixels` source pixels, from cell (`left`, `top`) on; trust 0: no tile there.

    Where `words` is given, `logits` are those of words that share one probability: for each word its phrase.
    """

    logits: Floats
    trust: Floats
    valid: NDArray[np.bool_]
    left: int
    top: int
    pixels: int
    window: Window
    words: Sequence[int] = ()

    def __len__(self) -> int:
        return len(set(self.words)) or len(self.logits)

    def full(self, band: int) -> Floats:
        """Return the logits of one phrase for every pixel of the window, linear between the centres of cells."""
        if not self.words:
            return self._word(band)
        mine = [index for index, owner in enumerate(self.words) if owner == band]
        best = np.maximum.reduce([self._word(index) for index in mine])
        return shared_logit(best, self._total)

    @cached_property
    def _total(self) -> Floats:
        return total_of([partial(self._word, index) for index in range(len(self.words))])

    def _word(self, band: int) -> Floats:
        rows = taps(self.window.row, self.window.height, self.pixels, self.top, self.trust.shape[0])
        columns = taps(self.window.col, self.window.width, self.pixels, self.left, self.trust.shape[1])
        known = (self.trust > 0).astype(np.float32)
        values = spread(self.logits[band], rows, columns)
        return values if known.all() else np.asarray(values / np.maximum(spread(known, rows, columns), 1e-6))


class Blender:
    """Tiles of one source, computed when first needed and kept while they may be needed again.

    `words` is for logits that share one probability, as `Blended` has it.

    Attributes:
        fed, passed: the tiles given to the model, and those with data that were not, with their pixels; whoever keeps
            account empties them.
    """

    def __init__(
        self,
        reader: Pixels,
        lattice: TileLattice,
        logits: Logits,
        kept_bytes: int = KEPT_BYTES,
        words: Sequence[int] = (),
    ) -> None:
        self._reader, self._lattice, self._logits, self._words = reader, lattice, logits, words
        self._kept: OrderedDict[Window, Tile | None] = OrderedDict()
        self._room = kept_bytes
        self.fed: dict[Window, int] = {}
        self.passed: dict[Window, int] = {}

    def window(self, window: Window, on_tile: Callable[[int, int], None]) -> Blended | None:
        """Return the logits of `window`, in source pixels; None where no tile over it has data. Raises as `read`.

        `on_tile` is called before each tile with its number and how many there are; it may raise.
        """
        step, stride, pixels = self._lattice.step, self._lattice.stride, self._lattice.cell
        cells_down, cells_across = (-(-side // stride) for side in (self._lattice.height, self._lattice.width))
        left, top = max(0, window.col // pixels - 1), max(0, window.row // pixels - 1)
        right = min(cells_across, -(-(window.col + window.width) // pixels) + 1)
        bottom = min(cells_down, -(-(window.row + window.height) // pixels) + 1)
        logits: Floats | None = None
        trust = np.zeros((bottom - top, right - left), np.float32)
        valid = np.zeros((trust.shape[0] * stride, trust.shape[1] * stride), np.bool_)
        tiles = list(self._lattice.covering(left * stride, top * stride, right * stride, bottom * stride))
        for index, place in enumerate(tiles):
            on_tile(index, len(tiles))
            tile = self._tile(place)
            if tile is None:
                continue
            if logits is None:
                logits = np.zeros((len(tile.logits), *trust.shape), np.float32)
            here, there = _shared(place.row // stride - top, tile.logits.shape[1], trust.shape[0])
            left_here, left_there = _shared(place.col // stride - left, tile.logits.shape[2], trust.shape[1])
            weight = hann(*tile.logits.shape[1:])[there, left_there]
            logits[:, here, left_here] += tile.logits[:, there, left_there] * weight
            trust[here, left_here] += weight
            _put(valid, tile.valid, place.row - top * stride, place.col - left * stride)
        if logits is None:
            return None
        logits /= np.maximum(trust, 1e-6)
        inside = _pixels(valid, window, step, left * stride, top * stride)
        return Blended(logits, trust, inside, left, top, pixels, window, self._words)

    def _tile(self, place: Window) -> Tile | None:
        if place not in self._kept:
            tile = self._kept[place] = self._computed(place)
            self._room -= tile.nbytes if tile else 0
            while self._room < 0 and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._room += dropped.nbytes if dropped else 0
        self._kept.move_to_end(place)
        return self._kept[place]

    def _computed(self, place: Window) -> Tile | None:
        crop = self._read(place)
        if crop is None:
            return None
        self.fed[place] = crop.valid.size
        return Tile(self._logits(crop.image, crop.valid), crop.valid)

    def _read(self, place: Window) -> Crop | None:
        """Return the pixels of a tile, None where none is data."""
        grid = self._reader.grid
        return read_data(self._reader, self._lattice.in_source(place, grid.width, grid.height), self._lattice.step)


def _shared(start: int, length: int, room: int) -> tuple[slice, slice]:
    """Return where `length` cells from `start` on lie within 0 to `room`, there and in themselves."""
    low, high = max(0, start), min(room, start + length)
    return slice(low, high), slice(low - start, high - start)


def _put(target: NDArray[np.bool_], values: NDArray[np.bool_], row: int, col: int) -> None:
    here, there = _shared(row, values.shape[0], target.shape[0])
    left_here, left_there = _shared(col, values.shape[1], target.shape[1])
    target[here, left_here] |= values[there, left_there]


def _pixels(valid: NDArray[np.bool_], window: Window, step: int, left: int, top: int) -> NDArray[np.bool_]:
    rows = np.arange(window.row, window.row + window.height) // step - top
    columns = np.arange(window.col, window.col + window.width) // step - left
    return valid[np.ix_(rows, columns)]
