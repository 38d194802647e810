"""Source values to 8 bit: the layer's own stretch, or the percentiles of the whole layer, never of one crop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.source import Stretch

LOW, HIGH = 2.0, 98.0
WHOLE = 4096
"""Layers up to this many pixels a side (or with overviews) are read decimated, larger ones sampled in patches."""
SIDE = 1024
PATCHES, PATCH = 24, 32


def to_bytes(values: NDArray[Any], stretches: tuple[Stretch, ...]) -> NDArray[np.uint8]:
    """Return (bands, rows, columns) `values` as uint8: each band's `low` becomes 0 and `high` 255."""
    out = np.empty(values.shape, np.uint8)
    for band, stretch in enumerate(stretches):
        scale = 255.0 / (stretch.high - stretch.low)
        scaled = (values[band].astype(np.float32) - np.float32(stretch.low)) * np.float32(scale)
        out[band] = np.clip(np.rint(np.nan_to_num(scaled, nan=0.0)), 0, 255)
    return out


def layer_stretch(dataset: Any, bands: tuple[int, ...], nodata: float | None) -> tuple[Stretch, ...]:
    """Return the 2nd to 98th percentile of each band over the whole layer, nodata and NaN left out.

    Raises:
        BadInput: NO_VALID_PIXELS.
    """
    return tuple(_percentiles(dataset, band, nodata) for band in bands)


def valid_values(
    dataset: Any, band: int, values: NDArray[Any], nodata: float | None, **where: Any
) -> NDArray[np.bool_]:
    """Return which of `values`, read from `band` at `where`, are data: not nodata, NaN, masked or transparent."""
    valid: NDArray[np.bool_] = dataset.read_masks(band, **where) > 0
    if nodata is not None:
        own = dataset.nodatavals[band - 1]
        valid = valid | (values == own) if own is not None else valid
        valid &= values != nodata
    if np.issubdtype(values.dtype, np.floating):
        valid &= np.isfinite(values)
    return valid


def _percentiles(dataset: Any, band: int, nodata: float | None) -> Stretch:
    small = max(dataset.width, dataset.height) <= WHOLE or bool(dataset.overviews(band))
    sample = _decimated(dataset, band, nodata) if small else _patches(dataset, band, nodata)
    if sample.size == 0:
        raise BadInput(codes.NO_VALID_PIXELS, f"Band {band} holds no valid pixels, only nodata.")
    low, high = (float(value) for value in np.percentile(sample, (LOW, HIGH)))
    return Stretch(low, high if high > low else low + 1.0)


def _decimated(dataset: Any, band: int, nodata: float | None) -> NDArray[Any]:
    shape = (min(dataset.height, SIDE), min(dataset.width, SIDE))
    values = dataset.read(band, out_shape=shape)
    return np.asarray(values[valid_values(dataset, band, values, nodata, out_shape=shape)])


def _patches(dataset: Any, band: int, nodata: float | None) -> NDArray[Any]:
    found = []
    height, width = min(PATCH, dataset.height), min(PATCH, dataset.width)
    for row in _evenly(dataset.height, height):
        for col in _evenly(dataset.width, width):
            window = Window(col, row, width, height)
            values = dataset.read(band, window=window)
            found.append(values[valid_values(dataset, band, values, nodata, window=window)])
    return np.concatenate(found)


def _evenly(length: int, patch: int) -> list[int]:
    """Return where patches start whose middles divide `length` evenly, so that no part of it counts more."""
    middles = (np.arange(PATCHES) + 0.5) * length / PATCHES
    return [int(start) for start in np.clip(middles - patch / 2, 0, length - patch)]
