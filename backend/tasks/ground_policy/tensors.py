"""Reads a safetensors file with numpy alone: the core installation has no package for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS: dict[str, np.dtype[Any]] = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4")}


def load_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of `path` by name, as 32-bit numbers."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[start + first : start + last], KINDS[entry["dtype"]])
        found[name] = values.reshape(entry["shape"]).astype(np.float32)
    return found
