"""The lattice of web map tiles: Web Mercator's square, halved and halved again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from affine import Affine
from rasterio.warp import transform_bounds

from backend.errors import BadInput
from backend.protocol import codes

from .raster import Grid

SIDE = 256
HALF = math.pi * 6378137.0
"""Metres of Web Mercator from the centre to an edge."""
LIMIT = 85.0511287798066
"""The latitude of that edge."""
FINEST = 22
"""Web maps go no further, and a finer level would have more pixels across than GDAL counts."""
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tile:
    """A tile: its zoom, its column from the west and its row from the north."""

    zoom: int
    col: int
    row: int

    def quarters(self) -> list[Tile]:
        """Return the four of the next zoom: upper left, upper right, lower left, lower right."""
        col, row = 2 * self.col, 2 * self.row
        return [Tile(self.zoom + 1, col + right, row + down) for down in (0, 1) for right in (0, 1)]


@dataclass(frozen=True)
class Spread:
    """The tiles that a raster needs.

    Attributes:
        low, high: the coarsest zoom and the finest.
        left, top, right, bottom: columns and rows at the finest; the last two are not of it.
        bounds: west, south, east and north of the raster in degrees.
    """

    low: int
    high: int
    left: int
    top: int
    right: int
    bottom: int
    bounds: Bounds

    @property
    def count(self) -> int:
        """Return the number of tiles at the finest zoom."""
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def transform(self) -> Affine:
        """Return pixels of the finest zoom, from the first tile's corner on, to metres."""
        pixel = pixel_size(self.high)
        return Affine(pixel, 0, self.left * SIDE * pixel - HALF, 0, -pixel, HALF - self.top * SIDE * pixel)

    def roots(self) -> Iterator[Tile]:
        """Yield the tiles of the coarsest zoom."""
        shift = self.high - self.low
        for row in range(self.top >> shift, (self.bottom - 1 >> shift) + 1):
            for col in range(self.left >> shift, (self.right - 1 >> shift) + 1):
                yield Tile(self.low, col, row)

    def needs(self, tile: Tile) -> bool:
        """Return whether a tile is of it."""
        size = 1 << (self.high - tile.zoom)
        across = tile.col * size < self.right and (tile.col + 1) * size > self.left
        return across and tile.row * size < self.bottom and (tile.row + 1) * size > self.top


def pixel_size(zoom: int) -> float:
    """Return the width of a pixel in Web Mercator's metres."""
    return 2 * HALF / (SIDE << zoom)


def spread(grid: Grid) -> Spread:
    """Return the tiles for a raster on `grid`: the finest zoom is the one whose pixels come nearest to the raster's.

    Raises:
        BadInput: PARAMETER_INVALID without georeference, and beyond 85 degrees of latitude.
    """
    if not grid.crs:
        detail = "Map tiles need a georeference and this raster has none; give it one, or leave the tiles out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    west, south, east, north = _degrees(grid)
    if not (math.isfinite(west + south + east + north) and south < LIMIT and north > -LIMIT and west < east):
        detail = "Web maps end at 85 degrees of latitude and at 180 of longitude, and this raster does not lie within."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    bounds = west, max(south, -LIMIT), east, min(north, LIMIT)
    x0, y0, x1, y1 = _metres(bounds)
    size = math.hypot(x1 - x0, y1 - y0) / math.hypot(grid.width, grid.height)
    high = min(max(round(math.log2(pixel_size(0) / size)), 0), FINEST)
    low = max(high - math.ceil(math.log2(max(grid.width, grid.height, SIDE) / SIDE)), 0)
    tile = SIDE * pixel_size(high)
    most = 1 << high
    left, top = math.floor((x0 + HALF) / tile), math.floor((HALF - y1) / tile)
    right, bottom = math.ceil((x1 + HALF) / tile), math.ceil((HALF - y0) / tile)
    return Spread(low, high, max(left, 0), max(top, 0), min(right, most), min(bottom, most), bounds)


def _degrees(grid: Grid) -> Bounds:
    corners = [
        grid.transform @ place for place in ((0, 0), (grid.width, 0), (0, grid.height), (grid.width, grid.height))
    ]
    xs, ys = zip(*corners, strict=True)
    west, south, east, north = transform_bounds(grid.crs, "EPSG:4326", min(xs), min(ys), max(xs), max(ys))
    return west, south, east, north


def _metres(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return _across(west), _up(south), _across(east), _up(north)


def _across(longitude: float) -> float:
    return HALF * longitude / 180


def _up(latitude: float) -> float:
    return HALF / math.pi * math.asinh(math.tan(math.radians(latitude)))
