"""Unit vectors as int8, AlphaEarth's way: x = sign(q) (|q| / 127.5)², -128 is no data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NODATA = -128
SCALE = 127.5
FORMULA = f"x = sign(q) * (|q| / {SCALE}) ** 2"


def to_bytes(vectors: NDArray[Any]) -> NDArray[np.int8]:
    """Return int8 of numbers -1 to 1; NaN becomes -128."""
    quantised = np.clip(np.round(np.sqrt(np.abs(vectors)) * SCALE), 0, 127) * np.sign(vectors)
    return np.where(np.isnan(vectors), NODATA, quantised).astype(np.int8)


def from_bytes(quantised: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the numbers that int8 stands for; -128 becomes NaN."""
    values = quantised.astype(np.float32) / np.float32(SCALE)
    return np.where(quantised == NODATA, np.float32(np.nan), values * np.abs(values))


def at_unit_length(vectors: NDArray[Any], axis: int = 0) -> NDArray[Any]:
    """Return vectors along `axis` at length 1."""
    length = np.linalg.norm(vectors, axis=axis, keepdims=True)
    return np.asarray(vectors / np.maximum(length, np.finfo(np.float32).tiny))
