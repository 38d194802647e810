"""The units' files as one field of vectors over the area."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.unit_bytes import NODATA, to_bytes
from backend.tasks.ground.units import Unit

from .cells import Cells
from .files import write_array

Floats = NDArray[np.float32]
Stored = NDArray[np.int8] | NDArray[np.float32]
INT8 = "int8"


class UnitField:
    """Units in a folder, each a file of (width, rows, columns): int8 as `unit_bytes` has it, or float32."""

    def __init__(self, folder: Path, cells: Cells, dtype: str) -> None:
        self._folder, self._cells, self._dtype = folder, cells, dtype

    def path(self, unit: Unit) -> Path:
        """Return the file of a unit."""
        return self._folder / f"{unit.name}.npy"

    def write(self, unit: Unit, vectors: Floats) -> None:
        """Make the file of a unit. Raises DISK_FULL."""
        write_array(self.path(unit), to_bytes(vectors) if self._dtype == INT8 else vectors)

    def read(self, window: Window) -> Stored:
        """Return (width, rows, columns) of a window of the area's grid as the units hold it, or no data."""
        cells, at = self._cells, self._cells.area.window
        place = Window(window.col + at.col, window.row + at.row, window.width, window.height)
        nothing = NODATA if self._dtype == INT8 else np.nan
        found = np.full((cells.width, window.height, window.width), nothing, self._dtype)
        side = cells.side
        for row in range(place.row // side, -(-(place.row + place.height) // side)):
            for column in range(place.col // side, -(-(place.col + place.width) // side)):
                self._copy(found, place, row, column)
        found[:, ~cells.area.mask(place)] = nothing
        return found

    def _copy(self, found: Stored, place: Window, row: int, column: int) -> None:
        side = self._cells.side
        path = self.path(Unit(row, column, place))
        if not path.exists():
            return
        stored = np.load(path, mmap_mode="r")
        left, top = max(place.col, column * side), max(place.row, row * side)
        right = min(place.col + place.width, (column + 1) * side)
        bottom = min(place.row + place.height, (row + 1) * side)
        part = _part(top - row * side, bottom - row * side, left - column * side, right - column * side)
        found[_part(top - place.row, bottom - place.row, left - place.col, right - place.col)] = stored[part]


def _part(top: int, bottom: int, left: int, right: int) -> tuple[slice, slice, slice]:
    return slice(None), slice(top, bottom), slice(left, right)
