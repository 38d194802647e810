"""Two dates: how far the vectors of the same place lie apart, 1 - cosine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from pyproj import CRS

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_replaces_none, check_target
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.raster import Grid, Window
from backend.protocol import codes
from backend.tasks.beside import check_own_name
from backend.tasks.vectors.field import Floats, VectorField
from backend.tasks.vectors.identity import check_same
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors_record import Run, add_vectors_record

NEAR = 1e-3
"""Cells: how far from whole the offset of two grids may be."""


@dataclass(frozen=True)
class Shared:
    """The cells that two fields share: their grid, and the first of them in either field (column, row)."""

    grid: Grid
    before: tuple[int, int]
    after: tuple[int, int]


def run_compare(
    run: Run,
    before: Path,
    after: Path,
    out: Path,
    progress: Callable[[float, str], None],
    notify: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write the change from `before` to `after` to `out`, 0 to 2, NaN where either has no data; its record beside.

    `notify` takes a sentence where the pictures were brought to 8 bit in different ways, which looks like change.

    Raises:
        BadInput: PARAMETER_INVALID where the files do not compare, OUTPUT_UNWRITABLE, or as `open_vectors`.
        Unavailable: DISK_FULL.
    """
    check_target(out, ".tif")
    clock = time.perf_counter()
    with opened_field(before) as one, opened_field(after) as other, Batch() as batch:
        check_replaces_none((out,), (before, after))
        check_own_name((out,))
        check_same(one.name, one.identity, other.name, other.identity)
        shared = shared_grid(one, other)
        if one.stretch and other.stretch and one.stretch != other.stretch:
            notify(_stretched(one, other))
        tags = {"TOPOSCOPE_TASK": "compare", **one.identity.tags, "TOPOSCOPE_AFTER": other.name}
        form = Form(("change: 1 - cosine",), tags={**tags, "TOPOSCOPE_BEFORE": one.name})
        values = change(one, other, shared)
        batch.write(out, lambda path: write_pyramid(path, shared.grid, form, values, progress))
        seconds = {"total": time.perf_counter() - clock}
        add_vectors_record(batch, out.with_suffix(".run.json"), run, one, seconds, {"after": other.name})
    return list(batch.sha256)


def opened_field(path: Path) -> VectorField:
    """Open a raster of vectors. Raises as `open_vectors`; PARAMETER_INVALID for a table."""
    vectors = open_vectors(path)
    if isinstance(vectors, VectorTable):
        detail = f"{path.name!r} is a table; two dates are compared as rasters of vectors: embed with --out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return vectors


def change(before: VectorField, after: VectorField, shared: Shared) -> Callable[[Window], Floats]:
    """Return what gives (1, rows, columns), 1 - cosine, of a window of the shared grid."""

    def values(window: Window) -> Floats:
        one, other = (
            field.read(Window(window.col + corner[0], window.row + corner[1], window.width, window.height))
            for field, corner in ((before, shared.before), (after, shared.after))
        )
        apart = 1 - np.einsum("crk,crk->rk", one, other)[None]
        return np.asarray(np.maximum(apart, 0), np.float32)  # of one vector with itself: rounding

    return values


def shared_grid(before: VectorField, after: VectorField) -> Shared:
    """Return the cells that both have. Raises PARAMETER_INVALID where they do not lie on one grid, or apart."""
    one, other = before.grid, after.grid
    fix = f"embed {after.name!r} anew from a picture on the grid of the other's, and with the same block."
    if (one.crs or other.crs) and not (one.crs and other.crs and CRS(one.crs) == CRS(other.crs)):
        raise _different(before, after, "lie in different coordinate systems", fix)
    a, b = one.transform, other.transform
    sizes = max(abs(x - y) for x, y in zip((a.a, a.b, a.d, a.e), (b.a, b.b, b.d, b.e), strict=True))
    column, row = ~a @ (b.c, b.f)
    cells = max(one.width, one.height, other.width, other.height)
    if sizes * cells > NEAR * max(abs(a.a), abs(a.b)):
        raise _different(before, after, "have cells of different sizes", fix)
    if max(abs(column - round(column)), abs(row - round(row))) > NEAR:
        raise _different(before, after, "have cells that do not meet", fix)
    left, top = max(0, round(column)), max(0, round(row))
    right, bottom = min(one.width, round(column) + other.width), min(one.height, round(row) + other.height)
    if right <= left or bottom <= top:
        raise _different(before, after, "lie apart", "choose two of the same place.")
    grid = Grid(right - left, bottom - top, a @ Affine.translation(left, top), one.crs)
    return Shared(grid, (left, top), (left - round(column), top - round(row)))


def _stretched(before: VectorField, after: VectorField) -> str:
    return (
        f"{before.name} and {after.name} were made with different stretches, which may look like change; "
        f"embed {after.name} anew with the stretch of the other, {before.stretch}."
    )


def _different(before: VectorField, after: VectorField, how: str, fix: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, f"{before.name!r} and {after.name!r} {how}: {fix}")
