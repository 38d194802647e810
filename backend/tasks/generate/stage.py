"""One stage of the cascade: a picture four times finer than its source, unit by unit, each a file once it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from backend.geo.raster import Grid, Window
from backend.geo.reader import SourceReader
from backend.models.generator import SCALE
from backend.tasks.ground.units import writing

from .around import Around, read_around
from .sampler import Sampler
from .windows import EDGE, MIDDLE, SIDE, Patch, patches

UNIT = 8 * MIDDLE
"""Side of a unit in pixels of the result."""
HALO = EDGE // SCALE
BANDS = 4
"""Red, green, blue, and 255 where there is data."""


@dataclass(frozen=True)
class Unit:
    """A piece of the result: its absolute column and row of units, and the part of the result in it."""

    col: int
    row: int
    window: Window

    @property
    def name(self) -> str:
        """Return its file's name."""
        return f"{self.row:+07d}_{self.col:+07d}.tif"


@dataclass(frozen=True)
class Stage:
    """What is painted: `area` is the part of the source, in its pixels; units lie in `folder`."""

    reader: SourceReader
    area: Window
    sampler: Sampler
    folder: Path

    @property
    def grid(self) -> Grid:
        """Return the grid of the result: each pixel of the area becomes exactly 4 x 4."""
        area, source = self.area, self.reader.grid
        transform = source.transform @ Affine.translation(area.col, area.row) @ Affine.scale(1 / SCALE)
        return Grid(area.width * SCALE, area.height * SCALE, transform, source.crs)

    @property
    def origin(self) -> tuple[int, int]:
        """Return the absolute column and row of the result's first pixel."""
        col, row = absolute(self.reader)
        return (col + self.area.col) * SCALE, (row + self.area.row) * SCALE

    def units(self) -> list[Unit]:
        """Return all units, row by row; they lie on one lattice for all results of a grid."""
        grid, (left, top) = self.grid, self.origin
        found = []
        for row in range(top // UNIT, -(-(top + grid.height) // UNIT)):
            for col in range(left // UNIT, -(-(left + grid.width) // UNIT)):
                x0, y0 = max(col * UNIT - left, 0), max(row * UNIT - top, 0)
                x1, y1 = min((col + 1) * UNIT - left, grid.width), min((row + 1) * UNIT - top, grid.height)
                found.append(Unit(col, row, Window(x0, y0, x1 - x0, y1 - y0)))
        return found

    def run(self, progress: Callable[[float, str], None], done: Callable[[int, int], None]) -> None:
        """Paint the units that are not there yet. `progress` may raise `Cancelled`; `done` follows whole units."""
        units = self.units()
        counts = [sum(1 for _ in patches(unit.window, self.origin)) for unit in units]
        painted, total = 0, sum(counts)
        for index, (unit, count) in enumerate(zip(units, counts, strict=True)):
            if not (self.folder / unit.name).exists():
                for number in self._make(unit):
                    progress(100 * (painted + number) / total, f"Window {painted + number + 1} of {total}")
            painted += count
            done(index + 1, len(units))

    def _make(self, unit: Unit) -> Iterator[int]:
        """Paint a unit and yield the number of each window before it is begun."""
        window = unit.window
        whole = np.zeros((BANDS, window.height, window.width), np.uint8)
        side = UNIT // SCALE + 2 * HALO
        around = read_around(
            self.reader,
            absolute(self.reader),
            unit.col * UNIT // SCALE - HALO,
            unit.row * UNIT // SCALE - HALO,
            side,
        )
        for number, patch in enumerate(patches(window, self.origin)):
            yield number
            row, col = patch.kept.row - window.row, patch.kept.col - window.col
            painted = self._painted(patch, around)
            whole[:, row : row + patch.kept.height, col : col + patch.kept.width] = painted
        with writing(self.folder / unit.name, BANDS, (window.height, window.width)) as dataset:
            dataset.write(whole)

    def _painted(self, patch: Patch, around: Around) -> NDArray[np.uint8]:
        """Return what of a window is kept (4, h, w)."""
        low, known = around.part(patch.col // SCALE, patch.row // SCALE, SIDE // SCALE)
        col, row = self.origin
        top, left = patch.kept.row + row - patch.row, patch.kept.col + col - patch.col
        kept = np.s_[top : top + patch.kept.height, left : left + patch.kept.width]
        valid = known.repeat(SCALE, 0).repeat(SCALE, 1)[kept]
        if not valid.any():
            return np.zeros((BANDS, *valid.shape), np.uint8)
        picture = self.sampler.paint(low, patch.col, patch.row)[kept]
        return np.concatenate([np.where(valid, picture.transpose(2, 0, 1), 0), 255 * valid[None].astype(np.uint8)])


def absolute(reader: SourceReader) -> tuple[int, int]:
    """Return the column and row of the source's first pixel on the grid that goes through its CRS's origin.

    Rasters of one grid share it; without georeference, or turned, it is the place in the raster it was cut from.
    """
    a, b, c, d, e, f = reader.grid.transform[:6]
    if not reader.grid.crs or b or d:
        return reader.origin
    return round(c / a), round(f / e)
