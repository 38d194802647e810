"""Do labels lie on a picture's grid, pixel on pixel?"""

from __future__ import annotations

from pyproj import CRS

from backend.errors import BadInput
from backend.geo.raster import Grid
from backend.protocol import codes

SNAP = 0.05
"""Pixels: so far apart corners may be, from rounding of coordinates."""
WARP = "warp the labels onto the picture's grid (in QGIS: Raster, Warp; nearest neighbour), or choose others"


def offset_of(labels: Grid, name: str, picture: Grid, of: str) -> tuple[int, int]:
    """Return the column and row of the labels at the picture's first pixel; they may cover more, or less, than it.

    Without a georeference of one of them both must have the same size.

    Raises:
        BadInput: PARAMETER_INVALID, saying both grids and what to do.
    """
    if (_bare(labels) or _bare(picture)) and (labels.width, labels.height) == (picture.width, picture.height):
        return 0, 0
    if not (_bare(labels) or _bare(picture)) and _same_crs(labels, picture):
        turn = ~labels.transform @ picture.transform
        first, last = turn @ (0, 0), turn @ (picture.width, picture.height)
        left, top = round(first[0]), round(first[1])
        away = (first[0] - left, first[1] - top, last[0] - left - picture.width, last[1] - top - picture.height)
        over = -picture.width < left < labels.width and -picture.height < top < labels.height
        if over and max(map(abs, away)) < SNAP:
            return left, top
    detail = f"{name!r} ({_said(labels)}) does not lie on the grid of {of!r} ({_said(picture)}): {WARP}."
    raise BadInput(codes.PARAMETER_INVALID, detail)


def _bare(grid: Grid) -> bool:
    return not grid.crs and grid.transform.is_identity


def _same_crs(one: Grid, other: Grid) -> bool:
    if not (one.crs and other.crs):
        return True
    return one.crs == other.crs or bool(CRS.from_user_input(one.crs) == CRS.from_user_input(other.crs))


def _said(grid: Grid) -> str:
    size = f"{grid.width} x {grid.height} pixels"
    if _bare(grid):
        return f"{size}, no georeference"
    a, b, c, d, e, f = grid.transform[:6]
    turned = ", rotated" if b or d else ""
    system = grid.crs if len(grid.crs) < 20 else str(CRS.from_user_input(grid.crs).name)
    return f"{size} of {abs(a):.6g} x {abs(e):.6g} from {c:.10g}, {f:.10g}{turned}, {system or 'no CRS'}"
