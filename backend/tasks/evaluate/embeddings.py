"""Vectors by id, with the numbers as they stand in the file: a table of the benchmark's kind, or Parquet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
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
    from pyarrow import ArrowInvalid, ArrowNotImplementedError

    kinds = {".csv": _csv, ".parquet": _parquet}
    if path.suffix.lower() not in kinds:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} is of a kind that is not read; give .csv or .parquet.")
    try:
        ids, vectors = kinds[path.suffix.lower()](path)
    except FileNotFoundError as error:
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {path.name!r}; check its path.") from error
    except (OSError, UnicodeDecodeError, ArrowInvalid, ArrowNotImplementedError) as error:
        detail = f"{path.name!r} is no table of vectors, damaged or cut off: {_brief(error)}."
        raise BadInput(codes.SOURCE_UNREADABLE, detail) from error
    return _checked(path.name, [plain_id(one) for one in ids], vectors)


def _brief(error: Exception) -> str:
    return str(error).partition("\n")[0].strip().rstrip(".")[:120] or "nothing can be read"


def _csv(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    from pyarrow import csv, float32, string

    with path.open(encoding="utf-8-sig") as file:
        names = [name.strip().strip('"') for name in file.readline().split(",")]
    if "id" not in names:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} has no column 'id'; it says which vector is whose.")
    numbered = sorted((name for name in names if name.isdigit()), key=int)
    wanted = numbered or [name for name in names if name != "id"]
    if not wanted:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} has no vectors: their columns are named 0, 1, 2, ...")
    options = csv.ConvertOptions(
        column_types={"id": string(), **dict.fromkeys(wanted, float32())},
        include_columns=["id", *wanted],
        strings_can_be_null=False,
    )
    table = csv.read_csv(path, convert_options=options, read_options=csv.ReadOptions(column_names=names, skip_rows=1))
    vectors = np.stack([table.column(name).to_numpy() for name in wanted], 1)
    return table.column("id").to_pylist(), vectors.astype(np.float32)


def _parquet(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        names = file.schema_arrow.names
        vector, key = (next((n for n in known if n in names), "") for known in (VECTOR_COLUMNS, ID_COLUMNS))
        if not (vector and key):
            detail = (
                f"{path.name!r} has the columns {', '.join(names):.100}; vectors need one of "
                f"{', '.join(VECTOR_COLUMNS)} and one of {', '.join(ID_COLUMNS)}."
            )
            raise BadInput(codes.SOURCE_UNREADABLE, detail)
        table = file.read([vector, key])
    return [str(one) for one in table.column(key).to_pylist()], _lists(path.name, table.column(vector))


def _lists(name: str, column: Any) -> NDArray[np.float32]:
    lists = column.combine_chunks()
    lengths = set(lists.value_lengths().to_pylist())
    if len(lengths) != 1 or None in lengths:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{name!r} has vectors of different lengths, or none; embed anew.")
    values = lists.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(values.reshape(len(lists), -1), np.float32)


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
