"""The vectors that one example shows."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.sessions import Polygon
from backend.tasks.search.shown import Shown

Floats = NDArray[np.float32]
MOST_VECTORS = 100
"""Taken from one polygon, evenly: neighbours are alike, and a large polygon must not drown the others."""


def vectors_at(shown: Shown, shape: BaseGeometry) -> Floats:
    """Return (n, width) of a point, a polygon, or several of them together.

    Raises:
        BadInput: PROMPT_OUTSIDE or NO_VALID_PIXELS where a part has no vectors, PROMPT_INVALID for a bad outline.
    """
    parts = shapely.get_parts(shape)
    found = np.concatenate(
        [shown.at(part.x, part.y)[None] if part.geom_type == "Point" else shown.inside(part) for part in parts]
    )
    kept = np.linspace(0, len(found) - 1, min(len(found), MOST_VECTORS)).round().astype(np.int64)
    return found[kept]


def polygon_of(rings: Polygon) -> shapely.Polygon:
    """Return a drawn area. Raises PROMPT_INVALID."""
    if not rings or any(len(ring) < 3 for ring in rings):
        raise BadInput(codes.PROMPT_INVALID, "An area has fewer than three corners; draw it again.")
    return shapely.Polygon(rings[0], rings[1:])
