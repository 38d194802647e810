"""The vectors of what a person points at: a click, an area. At the vectors' own resolution, inside the view or not."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

Floats = NDArray[np.float32]


class Shown(Protocol):
    """Looks vectors up by place; coordinates are in the vectors' CRS."""

    def at(self, x: float, y: float) -> Floats:
        """Return the vector (width,) there. Raises PROMPT_OUTSIDE, NO_VALID_PIXELS."""

    def inside(self, polygon: shapely.Polygon) -> Floats:
        """Return the vectors (n, width) of the places in `polygon`, at least one. Raises as `at`; PROMPT_INVALID."""


def outside(name: str, what: str) -> BadInput:
    """Return the error for `what` lies off the layer `name`."""
    return BadInput(codes.PROMPT_OUTSIDE, f"{what} lies outside {name!r}; choose one on the layer, in the layer's CRS.")


def empty(name: str, what: str) -> BadInput:
    """Return the error for `what` lies where the layer `name` has no vectors."""
    return BadInput(codes.NO_VALID_PIXELS, f"{name!r} has no vectors at {what}; choose another place.")


def said(x: float, y: float) -> str:
    """Return how messages name a point."""
    return f"the point {x:g}, {y:g}"
