"""A `VectorTable` from Parquet: ours, Major TOM's, Clay's, or any with one column of vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from backend.errors import BadInput
from backend.geo.read_geometry import geometries, geometry_columns
from backend.geo.read_parquet import is_list, reading, vectors
from backend.protocol import codes

from .half_lists import is_half, widened
from .identity import MODEL_TAG, Identity
from .mean import directions
from .product import product_of_columns
from .table import VectorTable
from .unchanged import Unchanged

VECTORS = ("embedding", "embeddings")
IDS = ("id", "unique_id", "path", "index")
FEWEST = 2
"""Numbers of a vector."""


def read_table(path: Path) -> VectorTable:
    """Return the vectors in the Parquet file at `path`.

    They are in the column `embedding` or `embeddings`, else in the only one that holds lists of floating-point numbers;
    lists of uint16 or of two bytes are bfloat16, which Parquet has no type for. Rows whose vector is missing, holds
    what is no number, or is all zero are left out: `ids` say which are there.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE; PARAMETER_INVALID for a table without vectors, or with several.
    """
    unchanged = Unchanged(path)
    with reading(path) as file:
        schema = file.schema_arrow
        column, key = _vector_column(path.name, schema), next((name for name in IDS if name in schema.names), "")
        wanted = [column, *([key] if key else []), *geometry_columns(schema)]
        table = file.read(columns=wanted)
        lists = table.column(column)
        numbers = vectors(path.name, column, widened(lists) if is_half(lists.type) else lists)
        found = directions(numbers.T).T
        shapes, crs = geometries(path.name, table)
        ids = table.column(key).to_pylist() if key else range(table.num_rows)
    known = np.flatnonzero(~np.isnan(found[:, :1]).any(1))
    if not len(known) or found.shape[1] < FEWEST:
        raise BadInput(codes.PARAMETER_INVALID, f"{path.name!r} has no vectors in any row of {column!r}; embed anew.")
    identity = _identity(schema, found.shape[1])
    names = [str(ids[row]) for row in known]
    rows = found if len(known) == len(found) else found[known]
    return VectorTable(rows, shapes[known], crs, names, identity, path.name, unchanged.fingerprint)


def _vector_column(file: str, schema: pa.Schema) -> str:
    lists = [field.name for field in schema if is_list(field.type) or is_half(field.type)]
    named = [name for name in lists if name.lower() in VECTORS]
    floats = [name for name in lists if pa.types.is_floating(schema.field(name).type.value_type)]
    candidates = named or floats or [name for name in lists if is_half(schema.field(name).type)]
    if not candidates:
        detail = f"{file!r} has no column of vectors, which are lists of numbers; it has {_some(schema.names)}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if len(candidates) > 1:
        detail = f"{file!r} has several columns of vectors, {_some(candidates)}; keep one, or name one 'embedding'."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return str(candidates[0])


def _some(names: Sequence[str]) -> str:
    return ", ".join(f"{name:.40}" for name in names[:12]) or "no columns"


def _identity(schema: pa.Schema, width: int) -> Identity:
    """Return what the footer says of the model, ours or under `emb`; else which product's columns these are."""
    footer = schema.metadata or {}
    texts = {key.decode(errors="replace"): text.decode(errors="replace") for key, text in footer.items()}
    if MODEL_TAG in texts:
        return Identity.of_tags(texts, width)
    try:
        model = json.loads(texts.get("emb", "{}"))["model"]
        sums = model.get("sha256", "")
        weights = sums if isinstance(sums, str) else " ".join(sums.values())
        return Identity(str(model.get("id") or model["name"]), weights, width)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Identity(product_of_columns(schema.names), "", width)
