"""A grid of places over an extent, in degrees."""

from __future__ import annotations

import math

import numpy as np
from affine import Affine

from backend.errors import BadInput
from backend.geo.raster import Grid, Window
from backend.models.location import Doubles
from backend.protocol import codes

from .points import DEGREES

MOST_PLACES = 2**32
Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def grid_of(extent: Extent, step: float) -> Grid:
    """Return the grid of cells of `step` degrees that covers `extent`.

    Its lines are those of the grid that starts at 180° west and 90° north, so that grids of one step fit each other.

    Raises:
        BadInput: PARAMETER_INVALID.
    """
    west, south, east, north = extent
    if not all(math.isfinite(value) for value in (*extent, step)) or not 1e-6 <= step <= 90:
        raise BadInput(codes.PARAMETER_INVALID, f"The step must be between 0.000001 and 90 degrees, not {step:g}.")
    if max(abs(south), abs(north)) > 90 or max(abs(west), abs(east)) > 180:
        given = ",".join(f"{value:g}" for value in extent)
        detail = f"The extent {given} leaves the globe: give west,south,east,north in degrees, within 180 and 90."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if west >= east or south >= north:
        detail = "The extent is empty: give west,south,east,north. One that crosses the 180th meridian is given in two."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    left, right = _lines(west + 180, east + 180, step, 360)
    top, bottom = _lines(90 - north, 90 - south, step, 180)
    width, height = right - left, bottom - top
    if width * height > MOST_PLACES:
        detail = f"{width} x {height} places are too many; give a smaller extent or a longer step."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    transform = Affine.translation(-180 + left * step, 90 - top * step) @ Affine.scale(step, -step)
    return Grid(width, height, transform, DEGREES)


def centres(grid: Grid, window: Window) -> Doubles:
    """Return (rows * columns, 2): longitude and latitude of the cells' middles, row by row."""
    a, _, west, _, e, north = grid.transform[:6]
    longitude = west + a * (window.col + 0.5 + np.arange(window.width))
    latitude = north + e * (window.row + 0.5 + np.arange(window.height))
    return np.stack(np.meshgrid(longitude, latitude), axis=-1).reshape(-1, 2)


def _lines(start: float, end: float, step: float, whole: float) -> tuple[int, int]:
    """Return the lines around `start` to `end`; the last whole cell of the globe is the last there is."""
    cells = max(math.floor(whole / step + 1e-9), 1)
    first = min(math.floor(start / step + 1e-9), cells - 1)
    return first, max(min(math.ceil(end / step - 1e-9), cells), first + 1)
