"""Tiles that more than one unit needs: in memory for the next one, in files until a later row of units."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

from .files import write_array

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tile:
    """What the model made of a tile.

    Attributes:
        features: (width, rows, columns) of the model's blocks; none where the tile has no data.
        known: (rows, columns), which of them hold a pixel of data.
    """

    features: Floats
    known: NDArray[np.bool_]


EMPTY = Tile(np.zeros((0, 0, 0), np.float32), np.zeros((0, 0), np.bool_))


class KeptTiles:
    """Tiles of one run. What one that was stopped left is removed: it may be torn, and is soon computed again."""

    def __init__(self, folder: Path) -> None:
        """Keep in files within `folder`, which is made anew."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self._folder = folder
        self._held: dict[Window, Tile] = {}

    def take(self, place: Window) -> Tile | None:
        """Return a tile and let go of it, None where it is not kept."""
        tile = self._held.pop(place, None)
        if tile is None and self._known(place).exists():
            tile = Tile(np.load(self._features(place)), np.load(self._known(place)))
        return tile

    def hold(self, place: Window, tile: Tile) -> None:
        """Keep a tile in memory."""
        self._held[place] = tile

    def store(self, place: Window, tile: Tile) -> None:
        """Put a tile that is held into files; from another thread, too. Raises DISK_FULL."""
        write_array(self._features(place), tile.features, durable=False)
        write_array(self._known(place), tile.known, durable=False)
        self._held.pop(place, None)

    def forget(self, place: Window) -> None:
        """Remove the files of a tile, if any."""
        self._known(place).unlink(missing_ok=True)
        self._features(place).unlink(missing_ok=True)

    def _features(self, place: Window) -> Path:
        return self._folder / f"{place.row}_{place.col}.npy"

    def _known(self, place: Window) -> Path:
        return self._folder / f"{place.row}_{place.col}.known.npy"
