"""The `locate` job: places to vectors, to a raster of them, to likeness, to predictions; with a run record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.unit_bytes import SCALE
from backend.geo.write_parquet import parquet_bytes
from backend.geo.write_points import points_geopackage
from backend.models.location import Doubles, LocationEncoder
from backend.protocol import codes
from backend.tasks.record import utc_now

from .fields import Field, colours, likeness, on_grid
from .globe import Extent, grid_of
from .picture import read_picture
from .points import DEGREES, Column, Points, in_degrees
from .predict import learn
from .question import Question
from .record import locate_record

Progress = Callable[[float, str], None]
FORMULA = f"x = sign(q) * (|q| / {SCALE}) ** 2"


def run_locate(
    question: Question, encoder: LocationEncoder, model: Mapping[str, Any], out: Path, progress: Progress
) -> dict[str, Any]:
    """Answer `question` in the file `out`, its record beside it, and return what is to be said of it.

    `model` is what `record.model_record` returns. All files are written or none. `progress` may raise `Cancelled`.

    Raises:
        BadInput: PARAMETER_INVALID, OUTPUT_UNWRITABLE, or as the readers.
        Unavailable: DISK_FULL.
    """
    question.check(out)
    started, clock = utc_now(), time.perf_counter()
    with Batch() as batch:
        said = _Answer(question, encoder, model, out, batch, progress).given()
        seconds = {"total": time.perf_counter() - clock}
        record = locate_record(question, encoder, model, said, seconds, dict(batch.sha256), started)
        text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        batch.add(out.with_suffix(".run.json"), text.encode())
    return said


class _Answer:
    """One question being answered into a batch of files."""

    def __init__(
        self,
        question: Question,
        encoder: LocationEncoder,
        model: Mapping[str, Any],
        out: Path,
        batch: Batch,
        progress: Progress,
    ) -> None:
        self._question, self._encoder, self._out = question, encoder, out
        self._batch, self._progress = batch, progress
        self._about = {"id": str(model["id"]), "sha256": model.get("sha256", {})}
        sums = " ".join(self._about["sha256"].values())
        self._tags = {"TOPOSCOPE_TASK": "locate", "TOPOSCOPE_MODEL": self._about["id"]}
        self._tags |= {"TOPOSCOPE_WEIGHTS": sums} if sums else {}
        digits, name = len(str(encoder.width - 1)), self._about["id"].upper()
        self._names = tuple(f"{name}_{index:0{digits}d}" for index in range(encoder.width))

    def given(self) -> dict[str, Any]:
        """Write the answer and return what is to be said of it."""
        question, points, extent = self._question, self._question.points, self._question.extent
        if question.predict and points is not None:
            return self._predictions(points)
        if extent is None:
            assert points is not None  # nosec B101 # `Question.check` saw to it
            vectors = self._encoder.encode(points.places).astype(np.float32)
            about = {"emb:dimensions": self._encoder.width, "emb:data_type": "float32", "model": self._about}
            table = {**_table(points), "embedding": vectors}
            self._batch.add(self._out, parquet_bytes(table, {"emb": json.dumps(about)}))
            return {"count": len(vectors), "width": self._encoder.width}
        if question.like or question.picture:
            return self._raster(extent, likeness(self._encoder, self._examples()), Form(("likeness",), tags=self._tags))
        return self._vectors(extent)

    def _vectors(self, extent: Extent) -> dict[str, Any]:
        form = Form(self._names, tags=self._tags)
        if self._question.quantise:
            quantised = {"QUANTIZATION": FORMULA, "QUANTIZATION_NODATA": "-128"}
            form = replace(form, dtype="int8", unit=True, tags={**self._tags, **quantised})
        said = self._raster(extent, self._encoder.encode, form)
        grid = grid_of(extent, self._question.step)
        preview = self._out.with_suffix(".preview.tif")
        shown = Form(("red", "green", "blue"), "uint8", tags=self._tags)
        values = on_grid(colours(self._encoder, grid), grid)
        self._batch.write(preview, lambda path: write_pyramid(path, grid, shown, values, self._progress))
        return {**said, "preview": str(preview)}

    def _raster(self, extent: Extent, field: Field, form: Form) -> dict[str, Any]:
        grid = grid_of(extent, self._question.step)
        values = on_grid(field, grid)
        self._batch.write(self._out, lambda path: write_pyramid(path, grid, form, values, self._progress))
        return {"width": grid.width, "height": grid.height, "bands": len(form.names)}

    def _examples(self) -> Doubles:
        """Return the vectors (n, width) of the places and of the picture to compare with."""
        found = []
        if self._question.like:
            places = in_degrees("--like", np.array(self._question.like, np.float64), DEGREES)
            found.append(self._encoder.encode(places))
        if self._question.picture is not None:
            encoder: Any = self._encoder
            if not hasattr(encoder, "picture"):
                detail = "This model cannot look at pictures; use one of SatCLIP's with --like-image."
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
        columns = {**_table(at), f"predicted_{predicted.targets.name}": predicted.column(at.places)}
        if self._out.suffix.lower() == ".gpkg":
            self._batch.add(self._out, points_geopackage(at.places, DEGREES, columns, self._out.stem))
        else:
            self._batch.add(self._out, parquet_bytes(columns))
        return {**said, "count": len(at.places)}


def _table(points: Points) -> dict[str, Column]:
    """Return the columns of `points` behind `lon` and `lat`, which replace columns of these names."""
    own = {name: values for name, values in points.columns.items() if name.lower() not in ("lon", "lat", "embedding")}
    return {"lon": points.places[:, 0].copy(), "lat": points.places[:, 1].copy(), **own}
