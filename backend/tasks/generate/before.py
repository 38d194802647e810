"""The picture that a stage looks at: the source, or what the stage before has painted."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from backend.geo.access import gdal_environment
from backend.geo.raster import Grid, Window
from backend.geo.reader import SourceReader
from backend.tasks.ground.area import Area
from backend.tasks.ground.data import read_data

Seen = tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]
"""Picture (h, w, 3), what of it is data (h, w), what of it the result has (h, w)."""
DATA, SHOWN = 5, 4
"""Bands of a painted picture beside red, green and blue."""


class Before(Protocol):
    """A picture on a grid.

    Attributes:
        place: absolute column and row of its first pixel, see `absolute`.
    """

    grid: Grid
    place: tuple[int, int]

    def read(self, window: Window) -> Seen:
        """Return a window of it."""


class SourceBefore:
    """The source, of which the result has `area`."""

    def __init__(self, reader: SourceReader, area: Area) -> None:
        self.grid, self.place = reader.grid, absolute(reader)
        self._reader, self._area = reader, area

    def read(self, window: Window) -> Seen:
        """Return a window of the source as it is shown. Raises BadInput as `SourceReader.read`."""
        crop, size = read_data(self._reader, window), (window.height, window.width)
        if crop is None:
            return np.zeros((*size, 3), np.uint8), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        return crop.image, crop.valid, crop.valid & self._wanted(window)

    def _wanted(self, window: Window) -> NDArray[np.bool_]:
        area = self._area.window
        x0, y0 = max(area.col - window.col, 0), max(area.row - window.row, 0)
        x1, y1 = area.col + area.width - window.col, area.row + area.height - window.row
        wanted = np.zeros((window.height, window.width), np.bool_)
        wanted[y0 : max(y1, 0), x0 : max(x1, 0)] = True
        return wanted & self._area.mask(window) if wanted.any() else wanted


class PaintedBefore:
    """What a stage has painted, as one raster."""

    def __init__(self, dataset: Any, grid: Grid, place: tuple[int, int]) -> None:
        self.grid, self.place = grid, place
        self._dataset = dataset

    def read(self, window: Window) -> Seen:
        """Return a window of it."""
        where = RasterWindow(window.col, window.row, window.width, window.height)
        with gdal_environment():
            values = self._dataset.read((1, 2, 3, SHOWN, DATA), window=where)
        return np.ascontiguousarray(values[:3].transpose(1, 2, 0)), values[4] > 0, values[3] > 0


def absolute(reader: SourceReader) -> tuple[int, int]:
    """Return the column and row of the source's first pixel on the grid that goes through its CRS's origin.

    Rasters of one grid share it; without georeference, or turned, it is the place in the raster it was cut from.
    """
    a, b, c, d, e, f = reader.grid.transform[:6]
    if not reader.grid.crs or b or d:
        return reader.origin
    return round(c / a), round(f / e)
