"""Which tiles are computed for which unit: each once, for the first unit that needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.geo.raster import Window
from backend.tasks.ground.units import Unit
from backend.tasks.tiles import TileLattice

from .cells import Cells


class Schedule:
    """The tiles of units that are still to be made, in order."""

    def __init__(self, lattice: TileLattice, cells: Cells, units: Sequence[Unit]) -> None:
        self.units = units
        self._lattice, self._cells = lattice, cells
        self._order = {(unit.row, unit.column): index for index, unit in enumerate(units)}

    def tiles(self, unit: Unit) -> Iterator[Window]:
        """Yield the tiles over a unit that share a block with the area, by rows."""
        pixels = self._cells.pixels(unit)
        for tile in self._lattice.over_window(pixels):
            if self._cells.wants(tile):
                yield tile

    def users(self, tile: Window) -> list[int]:
        """Return the indices of the units that need `tile`, in order."""
        side = self._cells.side * self._cells.block
        rows = range(tile.row // side, (tile.row + tile.height - 1) // side + 1)
        columns = range(tile.col // side, (tile.col + tile.width - 1) // side + 1)
        return sorted(self._order[at] for at in ((r, c) for r in rows for c in columns) if at in self._order)

    def new(self) -> Iterator[Window]:
        """Yield all tiles in the order in which they are first needed."""
        for index, unit in enumerate(self.units):
            yield from (tile for tile in self.tiles(unit) if self.users(tile)[0] == index)
