"""The vectors that examples show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.sessions import Polygon
from backend.tasks.search.shown import Shown

from .examples import Example, Examples, examples_of

Floats = NDArray[np.float32]
MISSED = (codes.PROMPT_OUTSIDE, codes.NO_VALID_PIXELS)
NAMED = 5
"""Examples that a notice names at most."""
MOST_VECTORS, MOST_TOGETHER = 100, 10_000
"""Taken from one polygon, evenly: neighbours are alike, and a large polygon must not drown the others; and from all."""


@dataclass(frozen=True)
class Pointed:
    """A point or polygon in the vectors' CRS, the class it shows, and how messages call it, as in `row 3`."""

    name: str
    shape: BaseGeometry
    called: str


def vectors_at(shown: Shown, shape: BaseGeometry, most: int = MOST_VECTORS) -> Floats:
    """Return (n, width), `most` at most, of a point, a polygon, or several together; parts beside show nothing.

    Raises:
        BadInput: PROMPT_OUTSIDE or NO_VALID_PIXELS where no part has vectors, PROMPT_INVALID for a bad outline.
    """
    found, missed = [], None
    for part in shapely.get_parts(shape):
        try:
            found.append(shown.at(part.x, part.y)[None] if part.geom_type == "Point" else shown.inside(part))
        except BadInput as error:
            if error.code not in MISSED:
                raise
            missed = error
    if missed is not None and not found:
        raise missed
    vectors = np.concatenate(found)
    kept = np.linspace(0, len(vectors) - 1, min(len(vectors), most)).round().astype(np.int64)
    return vectors[kept]


def examples_at(pointed: Sequence[Pointed], shown: Shown, source: str, notify: Callable[[str], None]) -> Examples:
    """Return the vectors of what was pointed at on the layer called `source`; `notify` is told what shows nothing.

    Raises:
        BadInput: PROMPT_OUTSIDE where nothing of a class lies on vectors; PARAMETER_INVALID for too few classes.
    """
    found, missed = [], []
    most = max(1, min(MOST_VECTORS, MOST_TOGETHER // max(len(pointed), 1)))
    for one in pointed:
        try:
            found.append(Example(one.name, vectors_at(shown, one.shape, most)))
        except BadInput as error:
            if error.code not in MISSED:
                raise BadInput(error.code, f"{one.called.capitalize()}: {error.detail}") from error
            missed.append(one)
    lost = sorted({one.name for one in missed} - {one.name for one in found})
    if lost:
        which = "No example" if not found else f"No example of {lost[0]!r:.60}"
        detail = f"{which} lies on {source!r} where it has data; show some there, in the layer's CRS."
        raise BadInput(codes.PROMPT_OUTSIDE, detail)
    if missed:
        names = ", ".join(one.called for one in missed[:NAMED]) + (" ..." if len(missed) > NAMED else "")
        notify(f"{len(missed)} of {len(pointed)} examples lie outside {source!r} or on no data: {names}.")
    return examples_of(found)


def polygon_of(rings: Polygon) -> shapely.Polygon:
    """Return a drawn area. Raises PROMPT_INVALID."""
    if not rings or any(len(ring) < 3 for ring in rings):
        raise BadInput(codes.PROMPT_INVALID, "An area has fewer than three corners; draw it again.")
    return shapely.Polygon(rings[0], rings[1:])
