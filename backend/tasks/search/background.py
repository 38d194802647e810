"""What the vectors of a layer are like on the whole: what an example is told from where nothing unwanted is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.raster import Grid, Window
from backend.protocol import codes
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable

Floats = NDArray[np.float32]
RIDGE = 10.0
"""Times the mean variance of a number, as for examples of the ground task; docs/search.md has what it was chosen by."""
ACROSS, SIDE, ROWS, COARSE = 5, 14, 5000, 256
"""Windows of a raster that are looked at a side, their cells a side; rows of a table; cells a side of a last resort."""


@dataclass(frozen=True)
class Background:
    """Mean (width,) and inverse covariance with its ridge (width, width) of vectors."""

    mean: NDArray[np.float64]
    precision: NDArray[np.float64]


def background_of(vectors: VectorField | VectorTable) -> Background:
    """Return the background of a layer, from a sample spread evenly over it. Raises NO_VALID_PIXELS."""
    found = _of_table(vectors) if isinstance(vectors, VectorTable) else _of_field(vectors)
    if not len(found):
        raise BadInput(codes.NO_VALID_PIXELS, f"{vectors.name!r} has no vectors anywhere; choose another layer.")
    mean = found.mean(axis=0, dtype=np.float64)
    spread = found - mean
    covariance = spread.T @ spread / len(spread)
    covariance += np.eye(len(covariance)) * (RIDGE * np.trace(covariance) / len(covariance) + 1e-12)
    return Background(mean, np.linalg.inv(covariance))


def _of_table(table: VectorTable) -> Floats:
    rows = np.linspace(0, len(table.vectors) - 1, min(len(table.vectors), ROWS)).astype(np.int64)
    return _known(table.vectors[rows])


def _of_field(field: VectorField) -> Floats:
    found = np.concatenate([_known(_flat(field.read(window))) for window in _spread(field.grid)])
    if len(found):
        return found
    whole = Window(0, 0, field.grid.width, field.grid.height)
    return _known(_flat(field.read(whole, -(-max(whole.width, whole.height) // COARSE))))


def _spread(grid: Grid) -> list[Window]:
    across, down = min(SIDE, grid.width), min(SIDE, grid.height)
    columns = sorted({int(at) for at in np.linspace(0, grid.width - across, ACROSS + 2)[1:-1]})
    rows = sorted({int(at) for at in np.linspace(0, grid.height - down, ACROSS + 2)[1:-1]})
    return [Window(column, row, across, down) for row in rows for column in columns]


def _flat(values: Floats) -> Floats:
    return values.reshape(len(values), -1).T


def _known(vectors: Floats) -> Floats:
    return vectors[~np.isnan(vectors).any(axis=1)]
