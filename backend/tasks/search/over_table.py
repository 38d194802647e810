"""Chips or points searched: the best rows, as they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.raster import Grid
from backend.protocol import codes
from backend.tasks.ground.area import shape_in_pixels
from backend.tasks.vectors.table import VectorTable

from .apart import far_points, in_metres
from .asked import Wanted
from .found import Found
from .likeness import Likeness

Floats = NDArray[np.float32]
BLOCK = 65_536
ENOUGH = 20
"""Rows asked of an index for each place wanted, of which some lie elsewhere or too close to each other."""


def scores_of(likeness: Likeness, vectors: Floats) -> Floats:
    """Return the score (n,) of every row, NaN of those without a vector."""
    found = np.full(len(vectors), np.nan, np.float32)
    for top in range(0, len(vectors), BLOCK):
        block = vectors[top : top + BLOCK]
        known = ~np.isnan(block).any(axis=1)
        found[top : top + BLOCK][known] = likeness(block[known])
    return found


def best_rows(table: VectorTable, scores: Floats, rows: NDArray[np.int64], wanted: Wanted, least: float) -> list[Found]:
    """Return the best of `rows`, whose `scores` are given in their order, the best first. Raises as `in_area`."""
    kept = scores >= least  # False for NaN
    rows, scores = rows[kept], scores[kept]
    inside = in_area(table, wanted.area, rows)
    rows, scores = rows[inside], scores[inside]
    order = np.argsort(-scores, kind="stable")
    rows, scores = rows[order], scores[order]
    places: Iterable[int] = range(len(rows))
    if wanted.distance and len(rows):
        places = far_points(in_metres(table.centres[rows], table.crs), wanted.distance)
    chosen = [place for _, place in zip(range(wanted.most), places, strict=False)]
    return [
        Found(table.geometries[rows[place]], float(scores[place]), float(scores[place]), str(table.ids[rows[place]]))
        for place in chosen
    ]


def in_area(table: VectorTable, text: str, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of `rows` have their centre in the area. Raises PARAMETER_INVALID, PROMPT_OUTSIDE."""
    if not text.strip():
        return np.ones(len(rows), np.bool_)
    shape = shape_in_pixels(text, Grid(1, 1, Affine.identity(), table.crs), "The area")
    if not shape.intersects(shapely.box(*shapely.total_bounds(table.geometries))):
        detail = f"The area lies outside {table.name!r}; choose one on the layer, in the layer's CRS."
        raise BadInput(codes.PROMPT_OUTSIDE, detail)
    shapely.prepare(shape)
    centres = table.centres[rows]
    return np.asarray(shapely.contains_xy(shape, centres[:, 0], centres[:, 1]))
