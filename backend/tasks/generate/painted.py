"""What is painted of a level: while it grows, as one raster for the next level, and as the file of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import rasterio

from backend.errors import BadInput
from backend.geo.access import gdal_environment
from backend.geo.atomic import Batch
from backend.geo.mosaic_vrt import Band, Mosaic, Piece, picture_bands
from backend.geo.raster import Grid, Window
from backend.geo.synthetic import Synthetic
from backend.geo.write_cog import AVERAGE, cog_writer
from backend.protocol import codes
from backend.protocol.jobs import Partial

from .before import PaintedBefore
from .levels import grid_at
from .stage import DATA, HOLES
from .units import BANDS, Unit, Units

OFTEN = 32
"""Times that a growing level is shown: its description is as long as it has units."""


@dataclass(frozen=True)
class Painted:
    """The units of a level of a result from `source`, whose first pixel lies at `place`."""

    units: Units
    source: Grid
    place: tuple[int, int]

    @property
    def grid(self) -> Grid:
        """Return the grid of all that is painted."""
        return self._grid(self.units.level.painted)

    @property
    def shown_grid(self) -> Grid:
        """Return the grid of what the result has."""
        return self._grid(self.units.level.shown)

    def whole(self) -> Path:
        """Return a raster of all that is painted, with all its bands."""
        at, bands = self.units.level.painted, [Band(number) for number in range(1, BANDS + 1)]
        pieces = [_piece(unit, at) for unit in self.units]
        return Mosaic(self.grid, pieces, bands).write(self.units.folder / "whole.vrt")

    def shown(self, mark: Synthetic, count: int | None = None) -> Path:
        """Return a raster of what the result has of the level, or of its first `count` units."""
        at, opaque = self.units.level.shown, count is None and not self.units.have(HOLES)
        units = [unit for unit in list(self.units)[:count] if _meet(unit.window, at)]
        tags = {"AREA_OR_POINT": "Area", **mark.tags()}
        mosaic = Mosaic(self._grid(at), [_piece(unit, at) for unit in units], picture_bands(opaque), tags, mark.xmp())
        return mosaic.write(self.units.folder / ("result.vrt" if count is None else "shown.vrt"))

    def show(self, mark: Synthetic, show: Callable[[Partial], None], done: int) -> None:
        """Tell that `done` units can be seen, as often as is worth it."""
        total = len(self.units)
        if done % -(-total // OFTEN) == 0 or done == total:
            show(Partial(str(self.shown(mark, done)), done, total))

    def write(self, batch: Batch, path: Path, mark: Synthetic) -> Path:
        """Write the level's file, and return where it lies until the batch is put in place. Raises as `Batch.write`."""
        return batch.write(path, cog_writer(self.shown(mark), AVERAGE, picture=True))

    def check_data(self, name: str) -> None:
        """Raise NO_VALID_PIXELS where the source, called `name`, has no data in the area."""
        if not self.units.have(DATA):
            raise BadInput(codes.NO_VALID_PIXELS, f"{name!r} has no data in the area; choose another place.")

    def _grid(self, window: Window) -> Grid:
        return grid_at(self.source, self.place, window, self.units.level.scale)


def _piece(unit: Unit, within: Window) -> Piece:
    at = unit.window
    return Piece(unit.name, Window(at.col - within.col, at.row - within.row, at.width, at.height))


def _meet(one: Window, other: Window) -> bool:
    across = one.col < other.col + other.width and other.col < one.col + one.width
    return across and one.row < other.row + other.height and other.row < one.row + one.height


@contextmanager
def opened_painted(painted: Painted) -> Iterator[PaintedBefore]:
    """Open what is painted of a level, for the next one."""
    at = painted.units.level.painted
    with gdal_environment(), rasterio.open(painted.whole(), driver="VRT") as dataset:
        yield PaintedBefore(dataset, painted.grid, (at.col, at.row))
