"""A grounding job's files, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend.geo.atomic import Batch
from backend.geo.category_names import categories_text, sidecar
from backend.geo.write_cog import AVERAGE, NEAREST, cog_writer
from backend.protocol.ground import GroundedAnswer
from backend.protocol.wire import dump
from backend.tasks.record import write_record

from .answer import shares_csv
from .rasters import Rasters
from .units import Unit

if TYPE_CHECKING:
    from .job import Grounding


def write_results(
    batch: Batch,
    job: Grounding,
    rasters: Rasters,
    units: Sequence[Unit],
    answer: GroundedAnswer,
    timings: Mapping[str, float],
) -> list[Path]:
    """Add what `places` names beside the objects, and return all files of `batch`, the record last.

    Raises:
        BadInput: OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    places = job.places
    if places.classes:
        batch.write(places.classes, cog_writer(rasters.classes(units), NEAREST))
        batch.add(sidecar(places.classes), categories_text(rasters.categories))
    if places.scores:
        batch.write(places.scores, cog_writer(rasters.scores(units, job.scores_as_float), AVERAGE))
    if places.best:
        batch.write(places.best, cog_writer(rasters.best(units), NEAREST))
    if places.shares:
        batch.add(places.shares, shares_csv(answer.phrases))
    if places.answer:
        batch.add(places.answer, (json.dumps(dump(answer), indent=1, ensure_ascii=False) + "\n").encode())
    outputs = dict(batch.sha256)
    cost = {"cost": {"pixels_read": answer.pixels_read, "pixels_naive": answer.pixels_naive}}
    about = job.request, job.model_record, job.reader, timings, outputs, job.started
    write_record(places.record, *about, batch.add, cost)
    return list(batch.sha256)
