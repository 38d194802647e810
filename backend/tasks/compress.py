"""Vectors of several embedders and dates, joined by their ids and compressed to one vector a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.models.compressor import Compressor, Input
from backend.protocol import codes

from .record import utc_now
from .vectors.about import CHIP, About
from .vectors.identity import Identity, check_same
from .vectors.open import open_vectors
from .vectors.table import VectorTable
from .vectors.write_table import write_table

NAME, PAPER = "compressor", "KTH and Friends, EarthVision Embed2Scale challenge, CVPR 2025 (rank 2, highest mean Q)"
Floats = NDArray[np.float32]


def read_tables(paths: Sequence[Path]) -> list[VectorTable]:
    """Return the tables of vectors; rasters of them are refused. Raises BadInput."""
    tables = []
    for path in paths:
        found = open_vectors(path)
        if not isinstance(found, VectorTable):
            found.close()
            detail = f"{path.name!r} is a raster; the compressor takes tables with an id a vector: embed --chips."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        tables.append(found)
    return tables


def joined(tables: Sequence[VectorTable]) -> list[NDArray[np.int64]]:
    """Return, for each table, the rows of the ids that all tables have a vector for, in the first one's order.

    Raises:
        BadInput: PARAMETER_INVALID where an id stands twice in a table, or none stands in all.
    """
    places = []
    for table in tables:
        seen = {one: row for row, one in enumerate(table.ids)}
        if len(seen) < len(table.ids):
            twice = next(one for row, one in enumerate(table.ids) if seen[one] != row)
            raise BadInput(codes.PARAMETER_INVALID, f"{table.name!r} has the id {twice!r:.60} twice; ids tell rows.")
        places.append(seen)
    common = [one for one in tables[0].ids if all(one in place for place in places)]
    if not common:
        like = " and ".join(f"{table.ids[0]!r:.60} in {table.name!r}" for table in tables if len(table.ids))
        raise BadInput(codes.PARAMETER_INVALID, f"No id stands in all files of vectors: they are like {like}.")
    return [np.array([place[one] for one in common]) for place in places]


def inputs_of(tables: Sequence[VectorTable]) -> list[Input]:
    """Return what a compressor of these tables takes."""
    return [Input(table.identity.model, table.identity.weights, table.identity.width) for table in tables]


def check_inputs(tables: Sequence[VectorTable], compressor: Compressor) -> None:
    """Raise PARAMETER_INVALID where the tables are not the compressor's inputs, in its order."""
    wanted = [one.model or f"vectors of {one.width}" for one in compressor.inputs]
    if len(tables) != len(wanted):
        detail = f"The compressor takes {len(wanted)} files, of {', '.join(wanted)} in this order; not {len(tables)}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    for number, (table, one) in enumerate(zip(tables, compressor.inputs, strict=True), 1):
        place = f"{NAME} input {number} of {len(wanted)}"
        check_same(table.name, table.identity, place, Identity(one.model, one.weights, one.width))


def compress(paths: Sequence[Path], compressor: Compressor, out: Path) -> tuple[int, int]:
    """Write a unit vector for every id that all files have; return how many, and how many of the first are left out.

    Raises:
        BadInput: as `read_tables`, `check_inputs` and `joined`; OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    tables = read_tables(paths)
    check_inputs(tables, compressor)
    rows = joined(tables)
    found = compressor([table.vectors[kept] for table, kept in zip(tables, rows, strict=True)])
    first = tables[0]
    table = replace(
        first,
        vectors=found / np.linalg.norm(found, axis=1, keepdims=True),
        geometries=first.geometries[rows[0]],
        ids=[first.ids[row] for row in rows[0]],
        identity=Identity(NAME, compressor.sha256, compressor.width),
        name=out.name,
    )
    about = About(
        "compress",
        utc_now(),
        title="Compressor",
        paper=PAPER,
        kind=CHIP,
        record="",
        parameters={"inputs": [vars(one) for one in compressor.inputs]},
    )
    with Batch() as batch:
        write_table(batch, out, table, about)
    return len(table.ids), len(first.ids) - len(table.ids)
