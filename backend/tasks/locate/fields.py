"""What can be asked of any place: its vector, how like another it is, its colour in a preview."""

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
SAMPLE = 64


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


def colours(encoder: LocationEncoder, grid: Grid) -> Field:
    """Return red, green and blue, 0 to 255: the three directions in which the vectors on `grid` differ most.

    They and their range are taken from at most 64 x 64 places spread over the grid.
    """
    spread = [np.unique(np.linspace(0, side - 1, SAMPLE).astype(int)) for side in (grid.height, grid.width)]
    sample = centres(grid, Window(0, 0, grid.width, 1)), centres(grid, Window(0, 0, 1, grid.height))
    longitudes, latitudes = sample[0][spread[1], 0], sample[1][spread[0], 1]
    vectors = _units(encoder, np.stack(np.meshgrid(longitudes, latitudes), axis=-1).reshape(-1, 2))
    middle = vectors.mean(0)
    directions = np.linalg.svd(vectors - middle, full_matrices=False)[2][:3]
    directions *= np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(1)])[:, None]
    directions = np.pad(directions, ((0, 3 - len(directions)), (0, 0)))
    low, high = np.percentile((vectors - middle) @ directions.T, (2, 98), axis=0)
    scale = 255 / np.maximum(high - low, 1e-9)
    return lambda places: np.clip(((_units(encoder, places) - middle) @ directions.T - low) * scale, 0, 255)


def _units(encoder: LocationEncoder, places: Doubles) -> Doubles:
    return at_unit_length(encoder.encode(places), axis=1)
