"""Reading the Parquet files that `parquet.py` writes: plain and uncompressed; others are refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

from .parquet import BYTE_ARRAY, DOUBLE, FLOAT, INT64, MAGIC, PLAIN, REPEATED, REQUIRED, Column
from .thrift_read import Reader

NUMBERS = {INT64: "<i8", FLOAT: "<f4", DOUBLE: "<f8"}


class _Other(Exception):
    """Parquet, but not of the kind that is read here."""


def read_parquet(path: Path) -> dict[str, Column]:
    """Return the columns: texts, int64, float64, float32, or (rows, n) where a column holds lists of one length.

    Raises:
        BadInput: SOURCE_UNREADABLE.
    """
    return _read(path, _columns)


def read_metadata(path: Path) -> dict[str, str]:
    """Return the texts in the file's footer by their key, of files of others too. Raises as `read_parquet`."""
    return _read(path, lambda data: {_text(pair[1]): _text(pair.get(2, b"")) for pair in _footer(data).get(5, [])})


Found = TypeVar("Found")


def _read(path: Path, find: Callable[[bytes], Found]) -> Found:
    try:
        return find(path.read_bytes())
    except _Other as error:
        detail = f"{path.name!r} is Parquet with {error}, which is not read here; save it as GeoPackage or CSV."
        raise BadInput(codes.SOURCE_UNREADABLE, detail) from error
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} is no Parquet file, damaged or cut off.") from error


def _footer(data: bytes) -> dict[int, Any]:
    if len(data) < 12 or data[:4] != MAGIC or data[-4:] != MAGIC:
        raise ValueError("no Parquet")
    return Reader(data, len(data) - 8 - int.from_bytes(data[-8:-4], "little")).struct()


def _columns(data: bytes) -> dict[str, Column]:
    footer = _footer(data)
    if any(node.get(3) not in (REQUIRED, REPEATED) for node in footer[2][1:]):
        raise _Other("columns that may lack values")
    groups = footer[4]
    if len(groups) != 1:
        raise _Other(f"{len(groups)} groups of rows")
    if footer.get(6) != b"toposcope" and any(len(chunk[3][3]) > 1 for chunk in groups[0][1]):
        raise _Other("lists of another program")  # theirs may be of different lengths
    return {_text(chunk[3][3][0]): _column(data, chunk[3], footer[3]) for chunk in groups[0][1]}


def _column(data: bytes, about: dict[int, Any], rows: int) -> Column:
    kind, count = about[1], about[5]
    if about[4] != 0:
        raise _Other("compression")
    reader = Reader(data, about[9])
    page = reader.struct()
    if page.get(1) != 0 or page[5][1] != count or page[5][2] != PLAIN:
        raise _Other("pages or an encoding")
    start, end = reader.at, reader.at + page[3]
    if len(about[3]) > 1:
        start = _behind_levels(data, start)
    if kind == BYTE_ARRAY:
        return _texts(data[start:end], count)
    if kind not in NUMBERS:
        raise _Other("columns of another type")
    values: NDArray[Any] = np.frombuffer(data[start:end], NUMBERS[kind])
    if len(values) != count:
        raise ValueError("cut off")
    return values.reshape(rows, -1).copy() if len(about[3]) > 1 else values.copy()


def _behind_levels(data: bytes, start: int) -> int:
    """Return where the numbers of a column of lists begin: behind its repetition and definition levels."""
    for _ in range(2):
        start += 4 + int.from_bytes(data[start : start + 4], "little")
    return start


def _texts(data: bytes, count: int) -> list[str]:
    found, at = [], 0
    for _ in range(count):
        size = int.from_bytes(data[at : at + 4], "little")
        if at + 4 + size > len(data):
            raise ValueError("cut off")
        found.append(_text(data[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def _text(data: bytes) -> str:
    return str(data, "utf-8")
