"""A source seen on another grid: in any system of coordinates, at any resolution, window by window."""

from __future__ import annotations

import math

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.warp import Resampling, reproject

from backend.errors import BadInput
from backend.geo.raster import Crop, Grid, Window
from backend.geo.reader import SourceReader
from backend.protocol import codes

Floats = NDArray[np.float64]

PLANE = "EPSG:3857"
"""Stands for the plane in which the pixels of pictures without a georeference lie: nothing is converted in it."""
IN_PLANE = Affine.scale(10, -10)
"""Pixels as coordinates of that plane: GDAL takes pixels of a side of 1 for no georeference."""
MARGIN = 4
"""Source pixels read beyond what a window covers: cubic convolution needs two."""
EDGE = 33
"""Points a side by which the outline of a window is followed into another system of coordinates."""
NEAR = 1e-3
"""Pixels: grids that differ by less are the same, and pixels are taken as they are."""
WHOLE = 0.999


class OnGrid:
    """Windows of `grid` out of `reader`: cubic convolution, an average where the source is finer."""

    def __init__(self, reader: SourceReader, grid: Grid, shift: tuple[float, float] = (0.0, 0.0)) -> None:
        """See `reader` on `grid`; what lies at a pixel of it is found `shift` (columns, rows) of its pixels away."""
        self._reader = reader
        self.grid, self.shift = grid, shift
        self._at = Grid(grid.width, grid.height, grid.transform @ Affine.translation(*shift), grid.crs)
        self._moved = _offset(self._at, reader.grid)
        self._transformer = _transformer(grid, reader.grid)

    def read(self, window: Window, step: int = 1) -> Crop:
        """Return `window` of the grid at its full resolution, 0 and not valid where the source has no data.

        Raises:
            BadInput: NO_VALID_PIXELS where none is data, or as `SourceReader.read`.
        """
        assert step == 1  # nosec B101 # nobody asks for less
        image = np.zeros((window.height, window.width, 3), np.uint8)
        valid = np.zeros((window.height, window.width), np.bool_)
        crop = self._source(window)
        if crop is not None and self._moved:
            rows, columns = crop.valid.shape
            top, left = crop.window.row + self._moved[1] - window.row, crop.window.col + self._moved[0] - window.col
            image[top : top + rows, left : left + columns] = crop.image
            valid[top : top + rows, left : left + columns] = crop.valid
        elif crop is not None:
            image, valid = self._warped(crop, window)
        self._reader.check_any(valid, window)
        return Crop(image, valid, window)

    def _source(self, window: Window) -> Crop | None:
        """Return the pixels of the source that `window` needs, None where there are none."""
        grid = self._reader.grid
        if self._moved:
            left, top = window.col - self._moved[0], window.row - self._moved[1]
            right, bottom, step = left + window.width, top + window.height, 1
        else:
            outline = self._outline(window)
            low, high = outline.min(0), outline.max(0)
            finer = min((high - low) / (window.width, window.height))
            step = 1 << max(0, math.floor(math.log2(max(finer, 1))))
            left, top = (math.floor(edge) - MARGIN * step for edge in low)
            right, bottom = (math.ceil(edge) + MARGIN * step for edge in high)
        left, top = max(0, left) // step * step, max(0, top) // step * step
        right, bottom = min(grid.width, right), min(grid.height, bottom)
        if right <= left or bottom <= top:
            return None
        try:
            return self._reader.read(Window(left, top, right - left, bottom - top), step)
        except BadInput as error:
            if error.code != codes.NO_VALID_PIXELS:
                raise
            return None

    def _outline(self, window: Window) -> NDArray[np.float64]:
        """Return points along the border of `window` in pixels of the source (n, 2)."""
        return in_pixels(self._at, self._reader.grid, window, self._transformer)

    def _warped(self, crop: Crop, window: Window) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        source, target = self._reader.grid, self._at
        at = source.transform @ Affine.translation(crop.window.col, crop.window.row) @ Affine.scale(crop.step)
        to = target.transform @ Affine.translation(window.col, window.row)
        if not source.crs:
            at, to = IN_PLANE @ at, IN_PLANE @ to
        between = {
            "src_transform": at, "dst_transform": to, "src_crs": source.crs or PLANE, "dst_crs": target.crs or PLANE,
            "tolerance": 0, "num_threads": 1,
        }  # fmt: skip
        image = np.zeros((3, window.height, window.width), np.uint8)
        known = np.zeros((window.height, window.width), np.float32)
        reproject(crop.image.transpose(2, 0, 1).copy(), image, resampling=Resampling.cubic, **between)
        reproject(crop.valid.astype(np.float32), known, resampling=Resampling.bilinear, **between)
        valid = known > WHOLE
        found = image.transpose(1, 2, 0).copy()
        found[~valid] = 0
        return found, valid


def outline(source: Grid, grid: Grid) -> shapely.Polygon:
    """Return the border of `source` in pixels of `grid`. Raises SOURCE_REFUSED where it has no place there."""
    whole = Window(0, 0, source.width, source.height)
    points = in_pixels(source, grid, whole, _transformer(source, grid))
    return shapely.Polygon(points).buffer(0)


def in_pixels(grid: Grid, other: Grid, window: Window, transformer: Transformer | None) -> NDArray[np.float64]:
    """Return points along the border of `window` of `grid` in pixels of `other` (n, 2), what has no place left out."""
    side = np.linspace(0, 1, EDGE)
    zeros, ones = np.zeros(EDGE), np.ones(EDGE)
    xs = np.concatenate([side, ones, side[::-1], zeros]) * window.width + window.col
    ys = np.concatenate([zeros, side, ones, side[::-1]]) * window.height + window.row
    x, y = _applied(grid.transform, xs, ys)
    if transformer is not None:
        x, y = transformer.transform(x, y)
    points = np.column_stack(_applied(~other.transform, np.asarray(x), np.asarray(y)))
    return np.asarray(points[np.isfinite(points).all(1)])


def _applied(transform: Affine, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    a, b, c, d, e, f = transform[:6]
    return a * xs + b * ys + c, d * xs + e * ys + f


def _transformer(grid: Grid, other: Grid) -> Transformer | None:
    """Return what brings coordinates of `grid` into the system of `other`, None where it is the same."""
    if grid.crs == other.crs or CRS(grid.crs) == CRS(other.crs):
        return None
    return Transformer.from_crs(grid.crs, other.crs, always_xy=True)


def _offset(grid: Grid, source: Grid) -> tuple[int, int] | None:
    """Return the column and row of `grid` at which the source's first pixel lies, None where pixels do not meet."""
    if _transformer(grid, source) is not None:
        return None
    a, b = grid.transform, source.transform
    sizes = max(abs(x - y) for x, y in zip((a.a, a.b, a.d, a.e), (b.a, b.b, b.d, b.e), strict=True))
    if sizes * max(grid.width, grid.height, source.width, source.height) > NEAR * max(abs(a.a), abs(a.b)):
        return None
    column, row = ~a @ (b.c, b.f)
    if max(abs(column - round(column)), abs(row - round(row))) > NEAR:
        return None
    return round(column), round(row)
