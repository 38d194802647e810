"""Tensors of a safetensors file as NumPy arrays, for models that need neither torch nor its readers.

The format: eight bytes with the length of a JSON header, the header (name: dtype, shape, from and to), the numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}
MOST_HEADER = 100_000_000


def read_tensors(path: Path, wanted: Callable[[str], bool]) -> dict[str, NDArray[Any]]:
    """Return the tensors whose names are `wanted`; others are not read.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no safetensors file, is cut off, or a wanted tensor has a type that is not known here.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MOST_HEADER, path.stat().st_size - 8):
            raise ValueError("it is no safetensors file")
        header: dict[str, Any] = json.loads(file.read(length))
        header.pop("__metadata__", None)
        found = {}
        for name, about in header.items():
            if wanted(name):
                start, end = about["data_offsets"]
                file.seek(8 + length + start)
                found[name] = _array(name, about, file.read(end - start))
        return found


def _array(name: str, about: dict[str, Any], data: bytes) -> NDArray[Any]:
    dtype = DTYPES.get(about["dtype"])
    if dtype is None:
        raise ValueError(f"{name} is of the type {about['dtype']}")
    if len(data) != math.prod(about["shape"]) * np.dtype(dtype).itemsize:
        raise ValueError(f"{name} is cut off")
    return np.frombuffer(data, dtype).reshape(about["shape"])
