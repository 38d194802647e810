"""Unit vectors as int8, AlphaEarth's way: x = sign(q) (|q| / 127.5)², -128 is no data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NODATA = -128
SCALE = 127.5
FORMULA = f"x = sign(q) * (|q| / {SCALE}) ** 2"

_QUANTISED = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float32)
_VALUES = np.where(_QUANTISED == NODATA, np.float32(np.nan), _QUANTISED * np.abs(_QUANTISED) / np.float32(SCALE**2))


def to_bytes(vectors: NDArray[Any]) -> NDArray[np.int8]:
    """Return int8 of numbers -1 to 1; NaN becomes -128."""
    root = np.abs(vectors)
    unknown = np.isnan(root)
    np.sqrt(root, out=root)
    root *= SCALE
    np.minimum(np.rint(root, out=root), 127, out=root)
    root[unknown] = NODATA
    np.copysign(root, np.where(unknown, -1, vectors), out=root)
    return np.asarray(root.astype(np.int8))


def from_bytes(quantised: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the numbers that int8 stands for; -128 becomes NaN."""
    return np.asarray(_VALUES[np.ascontiguousarray(quantised).view(np.uint8)])


def at_unit_length(vectors: NDArray[Any], axis: int = 0) -> NDArray[Any]:
    """Return vectors along `axis` at length 1."""
    length = np.linalg.norm(vectors, axis=axis, keepdims=True)
    return np.asarray(vectors / np.maximum(length, np.finfo(np.float32).tiny))
