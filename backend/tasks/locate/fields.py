"""What can be asked of any place: its vector, how like another it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import at_unit_length
from backend.models.location import Doubles, LocationEncoder

from .globe import centres

Field = Callable[[Doubles], Doubles]
"""Takes places (n, 2), returns (n, bands)."""


def on_grid(field: Field, grid: Grid) -> Callable[[Window], NDArray[np.float32]]:
    """Return what gives (bands, rows, columns) of a window of `grid`."""

    def values(window: Window) -> NDArray[np.float32]:
        found = field(centres(grid, window)).astype(np.float32)
        return np.ascontiguousarray(found.T).reshape(-1, window.height, window.width)

    return values


def likeness(encoder: LocationEncoder, examples: Doubles) -> Field:
    """Return the cosine, -1 to 1, between a place's vector and the mean direction of `examples` (n, width)."""
    wanted = at_unit_length(at_unit_length(examples, axis=1).mean(0))
    return lambda places: (at_unit_length(encoder.encode(places), axis=1) @ wanted)[:, None]
