"""Columns of a Parquet file, whoever wrote it, and what its footer says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.access import unreadable
from backend.protocol import codes

Column = list[str] | NDArray[np.int64] | NDArray[np.float64] | NDArray[np.float32]
FOOTER_BYTES = 2**28
"""Most bytes of a footer: what a damaged one claims beyond is not allocated."""


def read_parquet(path: Path, names: Sequence[str] | None = None) -> dict[str, Column]:
    """Return the columns (those of `names`, if given) that hold texts, numbers, or lists of numbers.

    Texts are a list with "" for what is missing; integers int64 where none is missing, else, as other numbers and
    booleans, float64 with NaN; lists float32 (rows, numbers), a row of NaN where one is missing. Other columns (bytes,
    structures, dates) are left out.

    Raises:
        BadInput: SOURCE_UNREADABLE for what is no Parquet file or damaged, and for lists of differing lengths.
    """
    with reading(path) as file:
        wanted = [field.name for field in file.schema_arrow if is_column(field.type)]
        if names is not None:
            wanted = [name for name in wanted if name in names]
        table = file.read(columns=wanted, use_threads=False)
        return {name: as_column(path.name, name, table.column(name)) for name in wanted}


def read_metadata(path: Path) -> dict[str, str]:
    """Return the texts in the file's footer by their key. Raises as `read_parquet`."""
    with reading(path) as file:
        found = file.schema_arrow.metadata or {}
        return {key.decode(): text.decode() for key, text in found.items() if key != b"ARROW:schema"}


@contextmanager
def reading(path: Path) -> Iterator[pq.ParquetFile]:
    """Open the Parquet file at `path`; what is found damaged in the block is SOURCE_UNREADABLE, in one sentence."""
    try:
        with pq.ParquetFile(
            path, thrift_string_size_limit=FOOTER_BYTES, thrift_container_size_limit=FOOTER_BYTES
        ) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} is no Parquet file, damaged or cut off.") from error


def is_list(kind: pa.DataType) -> bool:
    """Return whether a column of `kind` holds lists of numbers."""
    types = pa.types
    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    return bool(types.is_floating(kind.value_type) or types.is_integer(kind.value_type))


def is_column(kind: pa.DataType) -> bool:
    """Return whether a column of `kind` is one that `read_parquet` returns."""
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    plain = (types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_decimal)
    return is_list(kind) or types.is_boolean(kind) or any(test(kind) for test in plain)


def as_column(file: str, name: str, values: pa.ChunkedArray) -> Column:
    """Return the numbers or texts of a column, as `read_parquet` says; `file` and `name` are for the sentence."""
    types = pa.types
    if types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if is_list(values.type):
        return vectors(file, name, values)
    if types.is_string(values.type) or types.is_large_string(values.type):
        return [text or "" for text in values.to_pylist()]
    if types.is_integer(values.type) and not values.null_count:
        return np.asarray(values.cast(pa.int64()).to_numpy(), np.int64)
    return np.array(pc.fill_null(values.cast(pa.float64()), np.nan).to_numpy(), np.float64)


def vectors(file: str, name: str, values: pa.ChunkedArray) -> NDArray[np.float32]:
    """Return (rows, numbers) of a column of lists; a row that is missing, or has no numbers, is NaN.

    Raises:
        BadInput: SOURCE_UNREADABLE where the lists differ in length.
    """
    if not len(values):
        return np.empty((0, 0), np.float32)
    lengths = np.asarray(pc.fill_null(pc.list_value_length(values), 0).to_numpy(), np.int64)
    width = int(lengths.max())
    odd = np.flatnonzero((lengths != width) & (lengths != 0))
    if len(odd):
        why = f"its column {name!r} has {width} numbers in one row and {lengths[odd[0]]} in row {odd[0] + 1}"
        raise unreadable(file, f"{why}; vectors are of one length")
    parts = [_numbers(chunk.flatten()) for chunk in pc.drop_null(values).chunks]
    flat = np.concatenate(parts).reshape(-1, width) if width else np.empty((len(values), 0), np.float32)
    if len(flat) == len(values):
        return flat
    found = np.full((len(values), width), np.nan, np.float32)
    found[lengths == width] = flat
    return found


def _numbers(part: pa.Array) -> NDArray[np.float32]:
    return np.asarray(pc.fill_null(part.cast(pa.float32(), safe=False), np.nan).to_numpy(), np.float32)
