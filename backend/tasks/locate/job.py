"""The `locate` job: places to vectors, to a raster of them, to likeness, to predictions; with a run record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.unit_bytes import at_unit_length
from backend.geo.write_parquet import parquet_bytes
from backend.geo.write_points import points_geopackage
from backend.models.location import Doubles, LocationEncoder
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.tasks.record import utc_now
from backend.tasks.vectors.about import About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_field import write_field
from backend.tasks.vectors.write_table import write_table

from .fields import Field, likeness, on_grid
from .globe import Extent, grid_of
from .picture import read_picture
from .points import DEGREES, Column, Points, likened
from .predict import learn
from .question import Question
from .record import locate_record, parameters_of

Progress = Callable[[float, str], None]
OURS, OF_TABLE = ("lon", "lat", "embedding"), ("id", "geometry", "bbox")
"""Columns that every table has of its own, and those that one of vectors has too."""


def run_locate(
    question: Question,
    encoder: LocationEncoder,
    spec: ModelSpec,
    model: Mapping[str, Any],
    out: Path,
    progress: Progress,
) -> tuple[dict[str, Any], list[Path]]:
    """Answer `question` in the file `out`, its record beside it; return what is to be said of it, and the files.

    `model` is what `record.model_record` returns of `spec`. All files are written or none. `progress` may raise
    `Cancelled`.

    Raises:
        BadInput: PARAMETER_INVALID, OUTPUT_UNWRITABLE, or as the readers.
        Unavailable: DISK_FULL.
    """
    question.check(out)
    started, clock = utc_now(), time.perf_counter()
    with Batch() as batch:
        said = _Answer(question, encoder, spec, model, out, batch, progress).given(started)
        seconds = {"total": time.perf_counter() - clock}
        record = locate_record(question, encoder, model, said, seconds, dict(batch.sha256), started)
        text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        batch.add(out.with_suffix(".run.json"), text.encode())
    return said, list(batch.sha256)


class _Answer:
    """One question being answered into a batch of files."""

    def __init__(
        self,
        question: Question,
        encoder: LocationEncoder,
        spec: ModelSpec,
        model: Mapping[str, Any],
        out: Path,
        batch: Batch,
        progress: Progress,
    ) -> None:
        self._question, self._encoder, self._spec, self._out = question, encoder, spec, out
        self._batch, self._progress = batch, progress
        self._identity = Identity(spec.id, " ".join(model.get("sha256", {}).values()), encoder.width)
        self._tags = {"TOPOSCOPE_TASK": "locate", **self._identity.tags}

    def given(self, started: str) -> dict[str, Any]:
        """Write the answer and return what is to be said of it."""
        question, points, extent = self._question, self._question.points, self._question.extent
        if question.predict and points is not None:
            return self._predictions(points)
        if extent is None:
            assert points is not None  # nosec B101 # `Question.check` saw to it
            return self._table(points, started)
        if question.like or question.picture:
            return self._raster(extent, likeness(self._encoder, self._examples()), Form(("likeness",), tags=self._tags))
        return self._vectors(extent, started)

    def _table(self, points: Points, started: str) -> dict[str, Any]:
        vectors = at_unit_length(self._encoder.encode(points.places), axis=1).astype(np.float32)
        shapes = np.asarray(shapely.points(points.places), object)
        named = points.columns.get("id")
        ids = named if isinstance(named, list) else [str(row) for row in range(len(vectors))]
        table = VectorTable(vectors, shapes, DEGREES, ids, self._identity, points.name, ())
        columns = {name: values for name, values in _columns(points).items() if name not in OF_TABLE}
        write_table(self._batch, self._out, table, self._about(started), columns)
        return {"count": len(vectors), "width": self._encoder.width}

    def _vectors(self, extent: Extent, started: str) -> dict[str, Any]:
        grid = grid_of(extent, self._question.step)
        about = self._about(started)
        write_field(
            self._batch, self._out, grid, self._identity, on_grid(self._encoder.encode, grid), about, self._progress
        )
        size = {"width": grid.width, "height": grid.height, "bands": self._encoder.width}
        return {**size, "preview": str(self._out.with_suffix(".preview.tif"))}

    def _about(self, started: str) -> About:
        dtype, asked = "int8" if self._question.quantise else "float32", parameters_of(self._question, self._encoder)
        spec = self._spec
        return About("locate", started, spec.title, spec.licence, spec.paper, parameters=asked, dtype=dtype)

    def _raster(self, extent: Extent, field: Field, form: Form) -> dict[str, Any]:
        grid = grid_of(extent, self._question.step)
        values = on_grid(field, grid)
        self._batch.write(self._out, lambda path: write_pyramid(path, grid, form, values, self._progress))
        return {"width": grid.width, "height": grid.height, "bands": len(form.names)}

    def _examples(self) -> Doubles:
        """Return the vectors (n, width) of the places and of the picture to compare with."""
        found = []
        if self._question.like:
            found.append(self._encoder.encode(likened(self._question.like)))
        if self._question.picture is not None:
            encoder: Any = self._encoder
            if not hasattr(encoder, "picture"):
                detail = "This model cannot look at pictures; use one of SatCLIP's."
                raise BadInput(codes.PARAMETER_INVALID, detail)
            found.append(encoder.picture(read_picture(self._question.picture, encoder.bands))[None])
        return np.concatenate(found)

    def _predictions(self, points: Points) -> dict[str, Any]:
        predicted = learn(self._question, points, self._encoder, self._progress)
        said = {"score": predicted.score}
        if self._question.extent is not None:
            form = Form((predicted.targets.name,), tags=self._tags)
            if predicted.targets.classes:
                form = replace(form, dtype="uint8", classes=predicted.targets.classes, nodata=255)
            return {**said, **self._raster(self._question.extent, predicted.field, form)}
        at = self._question.at
        assert at is not None  # nosec B101 # `Question.check` saw to it
        columns = {**_columns(at), f"predicted_{predicted.targets.name}": predicted.column(at.places)}
        if self._out.suffix.lower() == ".gpkg":
            self._batch.add(self._out, points_geopackage(at.places, DEGREES, columns, self._out.stem))
        else:
            self._batch.add(self._out, parquet_bytes(columns))
        return {**said, "count": len(at.places)}


def _columns(points: Points) -> dict[str, Column]:
    """Return the columns of `points` behind `lon` and `lat`; those of names that are ours are left out."""
    own = {name: values for name, values in points.columns.items() if name.lower() not in OURS}
    return {"lon": points.places[:, 0].copy(), "lat": points.places[:, 1].copy(), **own}
