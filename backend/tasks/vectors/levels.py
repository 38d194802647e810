"""The overviews of a raster as rasters of their own, for windows that they hold cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio
from rasterio.io import DatasetReader

from backend.geo.access import DRIVERS, gdal_environment
from backend.geo.raster import Window


@dataclass(frozen=True)
class Level:
    """One of a raster's levels: `step` cells of the raster a side are one of its."""

    dataset: Any
    step: int

    def window(self, window: Window) -> Window:
        """Return where `window` of the raster lies in this level."""
        across, down = -(-window.width // self.step), -(-window.height // self.step)
        return Window(window.col // self.step, window.row // self.step, across, down)


class Levels:
    """The levels of an open raster, the finest is the raster itself."""

    def __init__(self, path: Path, dataset: Any, means: bool, south_up: bool) -> None:
        """Take the open `dataset` at `path`; without `means` its overviews are not those that are asked for."""
        self._path, self._south_up = path, south_up
        self._dataset = dataset
        self._known = list(enumerate(dataset.overviews(1))) if means else []
        self._opened: dict[int, Level] = {}

    def close(self) -> None:
        """Close the overviews; the raster is its owner's."""
        for level in self._opened.values():
            level.dataset.close()

    def serving(self, window: Window, step: int) -> Level:
        """Return the coarsest level whose cells make up those of `step` cells a side of `window`, in file order."""
        for index, size in reversed(self._known):
            if step % size == 0 and self._aligned(window, size):
                return self._level(index, size)
        return Level(self._dataset, 1)

    def _aligned(self, window: Window, size: int) -> bool:
        """Return whether squares of `size` cells, counted from the file's first, cover just `window`.

        At the far edges they may be partial, but not at the northern one, where squares are counted from.
        """
        right, end = window.col + window.width, window.row + window.height
        across = window.col % size == 0 and (right % size == 0 or right == self._dataset.width)
        down = window.row % size == 0 and (end % size == 0 or (end == self._dataset.height and not self._south_up))
        return bool(across and down)

    def _level(self, index: int, size: int) -> Level:
        if size not in self._opened:
            with rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS"), gdal_environment():
                dataset = DatasetReader(str(self._path), driver=list(DRIVERS), overview_level=index)
            self._opened[size] = Level(dataset, size)
        return self._opened[size]
