"""Lists of bfloat16 in Parquet, which has no such type: they come as lists of uint16 or of two bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def is_half(kind: pa.DataType) -> bool:
    """Return whether a column of `kind` holds such lists."""
    types = pa.types
    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    return bool(types.is_uint16(kind.value_type) or kind.value_type == pa.binary(2))


def widened(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the column as lists of float32, of which a bfloat16 is the upper half."""
    return pa.chunked_array([_floats(chunk) for chunk in values.chunks], pa.large_list(pa.float32()))


def _floats(chunk: pa.Array) -> pa.Array:
    flat = chunk.flatten()
    if flat.type == pa.binary(2):
        halves: NDArray[Any] = np.frombuffer(b"".join(flat.to_pylist()), "<u2")
    else:
        halves = flat.to_numpy(zero_copy_only=False)
    numbers = (halves.astype(np.uint32) << 16).view(np.float32)
    lengths = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(numbers))
