"""Vectors by id, with the numbers as they stand in the file: a table of the benchmark's kind, or Parquet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from backend.errors import BadInput
from backend.geo.read_parquet import read_parquet
from backend.protocol import codes

from .tasks import plain_id

VECTOR_COLUMNS, ID_COLUMNS = ("embedding", "embeddings"), ("id", "unique_id", "path")


@dataclass(frozen=True)
class Embeddings:
    """The vectors of one method.

    Attributes:
        name: of the file.
        ids: (n,) none twice.
        vectors: (n, width) as the file has them, 0 where it has none.
        filled: how many numbers were missing and became 0, as the protocol says.
    """

    name: str
    ids: list[str]
    vectors: NDArray[np.float32]
    filled: int


def read_embeddings(path: Path) -> Embeddings:
    """Return the vectors in a CSV with the columns `id`, `0`, `1`, ..., or in a Parquet file.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE, PARAMETER_INVALID.
    """
    kinds = {".csv": _csv, ".parquet": _parquet}
    if path.suffix.lower() not in kinds:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} is of a kind that is not read; give .csv or .parquet.")
    if not path.is_file():
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {path.name!r}; check its path.")
    ids, vectors = kinds[path.suffix.lower()](path)
    return _checked(path.name, [plain_id(one) for one in ids], vectors)


def _csv(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            names = [name.strip().strip('"') for name in file.readline().split(",")]
        wanted = _numbered(path.name, names)
        kinds = {"id": pa.string(), **dict.fromkeys(wanted, pa.float32())}
        convert = csv.ConvertOptions(column_types=kinds, include_columns=[*kinds], strings_can_be_null=False)
        table = csv.read_csv(path, csv.ReadOptions(column_names=names, skip_rows=1), convert_options=convert)
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0].rstrip(".")[:120]
        detail = f"{path.name!r} is no table of vectors, damaged or cut off: {reason}."
        raise BadInput(codes.SOURCE_UNREADABLE, detail) from error
    vectors = np.stack([table.column(name).to_numpy() for name in wanted], 1)
    return table.column("id").to_pylist(), vectors.astype(np.float32)


def _numbered(name: str, columns: list[str]) -> list[str]:
    """Return the columns that make up a vector: those named 0, 1, 2, ..., else all but the id."""
    if "id" not in columns:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{name!r} has no column 'id'; it says which vector is whose.")
    wanted = sorted((one for one in columns if one.isdigit()), key=int) or [one for one in columns if one != "id"]
    if not wanted:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{name!r} has no vectors: their columns are named 0, 1, 2, ...")
    return wanted


def _parquet(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    columns = read_parquet(path)
    vector, key = (next((n for n in known if n in columns), "") for known in (VECTOR_COLUMNS, ID_COLUMNS))
    vectors = columns.get(vector)
    if not key or not isinstance(vectors, np.ndarray) or vectors.ndim != 2:
        detail = (
            f"{path.name!r} has the columns {', '.join(columns):.100}; vectors need one of "
            f"{', '.join(VECTOR_COLUMNS)} and one of {', '.join(ID_COLUMNS)}."
        )
        raise BadInput(codes.SOURCE_UNREADABLE, detail)
    return [str(one) for one in columns[key]], np.asarray(vectors, np.float32)


def _checked(name: str, ids: list[str], vectors: NDArray[np.float32]) -> Embeddings:
    twice = [one for one, count in Counter(ids).items() if count > 1]
    if twice:
        raise BadInput(codes.PARAMETER_INVALID, f"{name!r} has two vectors for the id {twice[0]!r:.60}; keep one.")
    missing = np.isnan(vectors)
    vectors = np.where(missing, np.float32(0), vectors)
    if not np.isfinite(vectors).all():
        row = int(np.flatnonzero(~np.isfinite(vectors).all(1))[0])
        raise BadInput(codes.SOURCE_UNREADABLE, f"Row {row + 1} of {name!r} has an infinite number; embed anew.")
    return Embeddings(name, ids, vectors, int(missing.sum()))
