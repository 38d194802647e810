"""Lengths and areas on the ellipsoid of a CRS; 0 where the CRS is unknown or not of the Earth."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from backend.geo.raster import Grid


@lru_cache(maxsize=64)
def _geodesy(crs: str) -> tuple[Geod, Transformer] | None:
    try:
        system = CRS.from_user_input(crs) if crs else None
    except CRSError:
        return None
    base = system.geodetic_crs if system else None
    geod = system.get_geod() if system else None
    return (geod, Transformer.from_crs(system, base, always_xy=True)) if base and geod else None


def area_m2(shape: BaseGeometry, crs: str) -> float:
    """Return the area in m² of `shape`, whose coordinates are in `crs`; 0 where unknown."""
    geodesy = _geodesy(crs)
    if geodesy is None or shape.is_empty:
        return 0.0
    geod, to_degrees = geodesy
    degrees = shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
    area = abs(geod.geometry_area_perimeter(shapely.orient_polygons(degrees))[0])
    return area if math.isfinite(area) else 0.0


@lru_cache(maxsize=64)
def ground_pixel(grid: Grid) -> tuple[float, float]:
    """Return the width and height in metres of the pixel in the middle of `grid`; (0, 0) where unknown."""
    geodesy = _geodesy(grid.crs)
    if geodesy is None:
        return 0.0, 0.0
    geod, to_degrees = geodesy
    col, row = grid.width / 2, grid.height / 2
    corners = [grid.transform @ place for place in ((col, row), (col + 1, row), (col, row + 1))]
    degrees = [to_degrees.transform(*corner) for corner in corners]
    sides = [geod.inv(*degrees[0], *other)[2] for other in degrees[1:]]
    return (sides[0], sides[1]) if all(math.isfinite(side) for side in sides) else (0.0, 0.0)


@lru_cache(maxsize=64)
def pixel_area_m2(grid: Grid) -> float:
    """Return the area in m² of the pixel in the middle of `grid`; 0 where unknown."""
    corners = [(x + grid.width / 2, y + grid.height / 2) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    return area_m2(shapely.Polygon([grid.transform @ corner for corner in corners]), grid.crs)


def pixel_size_m(grid: Grid) -> float:
    """Return the side in metres of a square as large as the pixel in the middle of `grid`; 0 where unknown."""
    return math.sqrt(pixel_area_m2(grid))
