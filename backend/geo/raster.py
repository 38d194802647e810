"""A raster as a value: geography travels with pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """The pixel grid of a source.

    Attributes:
        width, height: in pixels.
        transform: pixel (column, row) to CRS coordinates; identity where there is no georeference.
        crs: WKT or authority string; empty where unknown.
    """

    width: int
    height: int
    transform: Affine
    crs: str


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels; may not reach outside the grid it belongs to."""

    col: int
    row: int
    width: int
    height: int


@dataclass(frozen=True)
class Crop:
    """Pixels of a window, ready for a model.

    Attributes:
        image: (rows, columns, 3) uint8, stretched as the layer is shown; 0 where not valid.
        valid: (rows, columns) bool, False where the source has no data.
        window: what was read, in the source's pixels.
        step: source pixels per crop pixel (1 = native resolution).
    """

    image: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    window: Window
    step: int = 1
