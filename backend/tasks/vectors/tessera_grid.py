"""Where a TESSERA tile lies: its landmask or GeoTIFF says it, else its name, `grid_LON_LAT`, the centre of 0.1 degrees.

The layout is GeoTessera's: cells of 10 m in the tile's UTM zone, from the upper left of the tile's bounds there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from affine import Affine
from pyproj import Transformer

from backend.errors import BadInput
from backend.geo.access import open_source
from backend.geo.raster import Grid
from backend.protocol import codes

NAME = re.compile(r"grid_(-?\d+\.\d+)_(-?\d+\.\d+)")
MASKS = ("", "global_0.1_degree_tiff_all", "landmasks")
"""Folders that hold landmasks, beside the tile or above it."""
HALF_A_TILE, CELL = 0.05, 10.0
HIGHEST_UP = 4
TOLERANCE = 1
"""Rows and columns that a tile may have more or fewer than its bounds, for how they were rounded."""


def tile_grid(path: Path, rows: int, columns: int) -> Grid:
    """Return the grid of the tile at `path`, which has so many `rows` and `columns`.

    Raises:
        BadInput: PARAMETER_INVALID where nothing says where it lies; as `open_source` for a landmask.
    """
    for mask in _masks(path):
        with open_source(mask) as dataset:
            if (dataset.height, dataset.width) == (rows, columns) and dataset.crs:
                return Grid(columns, rows, Affine(*dataset.transform[:6]), dataset.crs.to_wkt())
    grid = _named(path.name, rows, columns)
    if grid is None:
        detail = f"Nothing says where {path.name!r} lies: lay the tile's landmask (GeoTIFF of as many cells) beside it."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return grid


def _masks(path: Path) -> Iterator[Path]:
    for folder in path.parents[:HIGHEST_UP]:
        for name in MASKS:
            for suffix in (".tiff", ".tif"):
                mask = folder / name / (path.stem + suffix)
                if mask.is_file():
                    yield mask


def _named(name: str, rows: int, columns: int) -> Grid | None:
    found = NAME.match(name)
    if not found:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    zone = min(int((longitude + 180) // 6) + 1, 60)
    crs = f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"
    half = HALF_A_TILE
    bounds = (longitude - half, latitude - half, longitude + half, latitude + half)
    left, bottom, right, top = Transformer.from_crs("OGC:CRS84", crs, always_xy=True).transform_bounds(*bounds)
    expected = (top - bottom) / CELL, (right - left) / CELL
    if abs(expected[0] - rows) > TOLERANCE or abs(expected[1] - columns) > TOLERANCE:
        return None
    return Grid(columns, rows, Affine(CELL, 0, left, 0, -CELL, top), crs)
