"""The units' files of a search for change, and views of them.

A unit's file holds an angle or a probability as bytes, 255 no data, and where classes are told those before and after,
0 none, i the i-th.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio

from backend.geo.access import gdal_environment
from backend.geo.mosaic_vrt import Band, Mosaic, Piece
from backend.geo.raster import Grid, Window
from backend.tasks.ground.area import Area
from backend.tasks.ground.blend import Blended, Blender
from backend.tasks.ground.units import Unit, writing

from .method import NO_DATA, STEPS, Bytes, Method, to_bytes
from .moves import come_or_gone, likeliest

BAND_NAME = "change"


@dataclass(frozen=True)
class Maps:
    """The units of one area in a folder; `grid` is the area's."""

    folder: Path
    window: Window
    grid: Grid
    tags: Mapping[str, str]

    def path(self, unit: Unit) -> Path:
        """Return the file of a unit."""
        return self.folder / f"{unit.name}.tif"

    def read(self, unit: Unit) -> Bytes:
        """Return the bands (1 or 3, rows, columns) of a unit."""
        with gdal_environment(), rasterio.open(self.path(unit), driver="GTiff") as dataset:
            found: Bytes = dataset.read()
        return found

    def probability(self, units: Sequence[Unit], table: Sequence[int]) -> Path:
        """Write the VRT of `units` as probabilities: `table` has one for each byte of the units."""
        at = self.window
        pieces = [
            Piece(
                self.path(unit).name,
                Window(unit.window.col - at.col, unit.window.row - at.row, unit.window.width, unit.window.height),
            )
            for unit in units
        ]
        band = Band(1, BAND_NAME, nodata=NO_DATA, scale=1 / STEPS, values=table)
        tags = {"AREA_OR_POINT": "Area", **self.tags}
        return Mosaic(self.grid, pieces, [band], tags).write(self.folder / "probability.vrt")


@dataclass(frozen=True)
class Makers:
    """What makes a unit: the method's blended tiles, and those of `classes` where these are asked for besides."""

    method: Method
    blender: Blender
    area: Area
    classes: Blender | None = None

    def make(self, path: Path, unit: Unit, on_tile: Callable[[int, int], None]) -> None:
        """Make the file of a unit. Raises DISK_FULL."""
        shape = unit.window.height, unit.window.width
        blended = self.blender.window(unit.window, on_tile) if self.area.touches(unit.window) else None
        told = blended if self.classes is None or blended is None else self.classes.window(unit.window, on_tile)
        several = self.classes is not None or bool(self.method.classes)
        with writing(path, 3 if several else 1, shape) as dataset:
            if blended is None:
                dataset.write(np.full(shape, NO_DATA, np.uint8), 1)
                return
            known = blended.valid & self.area.mask(unit.window)
            dataset.write(np.where(known, to_bytes(blended.full(0), self.method.angles), NO_DATA), 1)
            if several and told is not None:
                for band, found in enumerate(self._moves(told), start=2):
                    dataset.write(np.where(known, found, 0), band)

    def _moves(self, told: Blended) -> tuple[Bytes, Bytes]:
        """Return the class before and after of each pixel of blended classes."""
        if self.classes is not None:
            return likeliest(told, 0, 0.0)
        if self.method.kind in self.method.classes:
            return come_or_gone(told, 1, self.method.classes.index(self.method.kind))
        return likeliest(told, 1, 0.5)
