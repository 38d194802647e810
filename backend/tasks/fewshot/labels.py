"""Classes of a table's rows by name, for vectors that lie nowhere: pictures of a folder."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from backend.errors import BadInput
from backend.geo.access import checked_path, unreadable
from backend.protocol import codes
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable

from .examples import Example, Examples, examples_of

NAMES = (".csv",)
KEYS = ("path", "id")


def labelled(path: Path, column: str, vectors: VectorField | VectorTable) -> Examples:
    """Return the examples of a CSV with the columns `path` or `id`, and `column`; rows without a class are none.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE; PARAMETER_INVALID for a missing column or an unknown name.
    """
    path = checked_path(path)
    if not isinstance(vectors, VectorTable):
        detail = f"{path.name!r} names rows, and {vectors.name!r} is a raster; give a layer of points or polygons."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path.name, "it is no table of UTF-8 text") from error
    columns = list(rows[0]) if rows else []
    key = next((name for name in KEYS if name in columns), "")
    if not key or column not in columns:
        wanted = column if key else "path or id"
        detail = f"{path.name!r} has no column {wanted!r:.60}; it has {', '.join(map(str, columns)) or 'none'}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    places = {name: row for row, name in enumerate(vectors.ids)}
    found = []
    for number, row in enumerate(rows, 2):
        if not (row[column] or "").strip():
            continue
        if row[key] not in places:
            detail = f"Line {number} of {path.name!r} names {row[key]!r:.80}, which {vectors.name!r} does not hold."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        vector = vectors.vectors[places[row[key]]]
        if not np.isnan(vector).any():
            found.append(Example(row[column].strip(), vector[None]))
    return examples_of(found)
