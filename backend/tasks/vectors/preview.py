"""False colour: the three directions in which a field's vectors differ most as red, green and blue."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backend.geo.raster import Window

from .field import Floats, VectorField
from .mean import PIECE_BYTES

SAMPLE = 128
"""Most cells a side that the colours are taken from, spread over the whole field."""
LOW, HIGH = 2, 98
"""Percentiles of the sample that become the darkest and the brightest."""


def false_colour(field: VectorField) -> Callable[[Window], Floats]:
    """Return what gives (3, rows, columns) of a window of `field`: 1 to 255, NaN where there is no data.

    Principal components (Pearson 1901) of at most 128 x 128 means of cells; the same vectors give the same colours.
    """
    from sklearn.decomposition import PCA

    grid = field.grid
    step = 1
    while max(grid.width, grid.height) > SAMPLE * step:
        step *= 2
    sample = _flat(field.read(Window(0, 0, grid.width, grid.height), step))
    sample = sample[:, ~np.isnan(sample[0])].T
    if len(sample) < 2:  # nothing differs
        return lambda window: np.repeat(field.read(window)[:1] * 0 + 1, 3, axis=0)
    found = PCA(min(3, *sample.shape), svd_solver="covariance_eigh").fit(sample)
    directions = np.zeros((3, sample.shape[1]), np.float32)
    directions[: found.n_components_] = found.components_
    low, high = np.percentile(directions @ sample.T, (LOW, HIGH), axis=1, keepdims=True)
    scale = 254 / np.maximum(high - low, 1e-6)

    def colours(window: Window) -> Floats:
        found = np.empty((3, window.height, window.width), np.float32)
        rows = max(1, PIECE_BYTES // (4 * directions.shape[1] * window.width))
        for top in range(0, window.height, rows):
            strip = Window(window.col, window.row + top, window.width, min(rows, window.height - top))
            shown = (directions @ _flat(field.read(strip)) - low) * scale + 1
            found[:, top : top + rows] = np.clip(shown, 1, 255).reshape(3, strip.height, strip.width)
        return found

    return colours


def _flat(vectors: Floats) -> Floats:
    return vectors.reshape(len(vectors), -1)
