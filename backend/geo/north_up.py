"""Grids that are stored from the south to the north, and the same grids the usual way round."""

from __future__ import annotations

from affine import Affine

from backend.geo.raster import Grid, Window


def is_south_up(transform: Affine) -> bool:
    """Return whether rows go north, with columns going east or west."""
    return bool(transform.e > 0 and transform.b == transform.d == 0)


def north_up(grid: Grid) -> Grid:
    """Return `grid`, which is south up, as the grid of the same cells with the northern row first."""
    a, b, c, d, e, f = grid.transform[:6]
    return Grid(grid.width, grid.height, Affine(a, b, c, d, -e, f + e * grid.height), grid.crs)


def turned(window: Window, rows: int) -> Window:
    """Return where `window` of a grid of so many `rows` lies if these are counted from the other end."""
    return Window(window.col, rows - window.row - window.height, window.width, window.height)
