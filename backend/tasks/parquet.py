"""Tables as Parquet files: one row group, plain and uncompressed; text, numbers and vectors of equal length.

Apache Parquet's own format, written directly: the libraries that write it weigh more than the rest of the backend.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from backend.geo.atomic import write_bytes

from .thrift import Field, I64Value, Value, struct, varint

MAGIC = b"PAR1"
INT64, FLOAT, DOUBLE, BYTE_ARRAY = 2, 4, 5, 6
REQUIRED, REPEATED = 0, 2
PLAIN, RLE, UTF8, LIST_TYPE = 0, 3, 0, 3
NO_METADATA: Mapping[str, str] = MappingProxyType({})
Column = list[str] | NDArray[np.int64] | NDArray[np.float64] | NDArray[np.float32]


def write_parquet(path: Path, columns: Mapping[str, Column], metadata: Mapping[str, str] = NO_METADATA) -> None:
    """Write columns of equal length: text, int64, float64, or float32 of shape (rows, n) as lists of n.

    `metadata` stands in the file's footer, as geoembeddings.org asks for under the key `emb`.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    write_bytes(path, parquet_bytes(columns, metadata))


def parquet_bytes(columns: Mapping[str, Column], metadata: Mapping[str, str] = NO_METADATA) -> bytes:
    """Return the file of what `write_parquet` takes."""
    body, chunks = bytearray(MAGIC), list[Value]()
    schema: list[Value] = [((4, b"toposcope"), (5, len(columns)))]
    for name, values in columns.items():
        schema += _schema(name, values)
        page = _page(values)
        start = len(body)
        body += page
        chunks.append(_chunk(name, values, start, len(page)))
    rows = len(next(iter(columns.values())))
    group: tuple[Field, ...] = ((1, chunks), (2, I64Value(len(body) - 4)), (3, I64Value(rows)))
    pairs: list[Value] = [((1, key.encode()), (2, text.encode())) for key, text in metadata.items()]
    known: tuple[Field, ...] = ((5, pairs),) if pairs else ()
    footer = struct(((1, 1), (2, schema), (3, I64Value(rows)), (4, [group]), *known, (6, b"toposcope")))
    return bytes(body) + footer + len(footer).to_bytes(4, "little") + MAGIC


def _is_list(values: Column) -> bool:
    return isinstance(values, np.ndarray) and values.ndim == 2


def _physical(values: Column) -> int:
    if isinstance(values, list):
        return BYTE_ARRAY
    return {"int64": INT64, "float64": DOUBLE, "float32": FLOAT}[values.dtype.name]


def _schema(name: str, values: Column) -> list[Value]:
    title = name.encode()
    if _is_list(values):
        leaf: Value = ((1, _physical(values)), (3, REQUIRED), (4, b"element"))
        return [((3, REQUIRED), (4, title), (5, 1), (6, LIST_TYPE)), ((3, REPEATED), (4, b"list"), (5, 1)), leaf]
    text: tuple[Field, ...] = ((6, UTF8),) if isinstance(values, list) else ()
    return [((1, _physical(values)), (3, REQUIRED), (4, title), *text)]


def _count(values: Column) -> int:
    return len(values) if isinstance(values, list) else values.size


def _page(values: Column) -> bytes:
    if isinstance(values, list):
        texts = [text.encode() for text in values]
        data = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    else:
        data = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()
    if isinstance(values, np.ndarray) and _is_list(values):
        data = _levels(*values.shape) + data
    header: tuple[Field, ...] = ((1, _count(values)), (2, PLAIN), (3, RLE), (4, RLE))
    return struct(((1, 0), (2, len(data)), (3, len(data)), (5, header))) + data


def _levels(rows: int, length: int) -> bytes:
    """Return repetition levels (0 where a list starts, else 1) and definition levels (always 1), run-length encoded."""
    one = varint(1 << 1) + b"\0" + (varint((length - 1) << 1) + b"\1" if length > 1 else b"")
    repetition, definition = one * rows, varint(rows * length << 1) + b"\1"
    return b"".join(len(part).to_bytes(4, "little") + part for part in (repetition, definition))


def _chunk(name: str, values: Column, start: int, size: int) -> Value:
    path: list[Value] = [name.encode(), b"list", b"element"] if _is_list(values) else [name.encode()]
    encodings: list[Value] = [PLAIN, RLE]
    about: tuple[Field, ...] = (
        (1, _physical(values)),
        (2, encodings),
        (3, path),
        (4, 0),
        (5, I64Value(_count(values))),
        (6, I64Value(size)),
        (7, I64Value(size)),
        (9, I64Value(start)),
    )
    return ((2, I64Value(start)), (3, about))
