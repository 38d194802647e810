"""The ground job: phrases and an area in, objects and class maps out, in memory that does not grow with the raster."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.geo.write_vector import check_layer
from backend.models.embedder import DenseEmbedder
from backend.protocol import VERSION, codes
from backend.protocol.ground import IMAGE, GroundedAnswer
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.record import utc_now

from .answer import box_of, caption, items_of, ranked
from .area import Area, parse_area, shape_in_pixels
from .blend import Blender
from .example import learn_example
from .instances import find_instances
from .parameters import AUTO, GroundParameters
from .places import Places
from .quantise import least_logit
from .question import Question, read_question
from .rasters import Rasters, grid_of
from .scorer import Scorer, phrase_vectors
from .scoring import score_units
from .shown import Tally
from .tiles import STRIDE, TileLattice
from .units import SIDE, Unit, units_of
from .vectors import Found, outlined
from .writing import write_results

AFAR = 1024
"""Pixels a side at most when the whole is looked at from afar."""
FIRST_PASS = 0.8
FORMAT = 1
Keep = Callable[[str], AbstractContextManager[Path]]
"""Takes a key and opens the folder of what a stopped run of that key left; it is gone once the block succeeds."""


@dataclass(frozen=True)
class Grounding:
    """One job: what is asked, where, with what, and whom to tell.

    `progress` takes percent and a sentence and may raise `Cancelled`.
    """

    request: JobRequest
    reader: SourceReader
    model_record: Mapping[str, Any]
    title: str
    places: Places
    keep: Keep
    progress: Callable[[float, str], None]
    show: Callable[[Partial], None] = lambda _: None
    unit_side: int = SIDE
    scores_as_float: bool = False
    started: str = field(default_factory=utc_now)


def check_request(request: JobRequest) -> Question:
    """Refuse what can be refused without the source, and return the question."""
    check_layer(request.output.layer)
    return read_question(GroundParameters.parse(request.parameters))


def run_dense(job: Grounding, model: DenseEmbedder) -> list[Path]:
    """Ground with a model that has logits for every place, and return the files written, the record last.

    Raises:
        BadInput: as `check_request`, `parse_area`, `learn_example`; NO_VALID_PIXELS; OUTPUT_UNWRITABLE.
        Unavailable: MODEL_NOT_INSTALLED, DISK_FULL.
    """
    clock = time.perf_counter()
    question = check_request(job.request)
    parameters = GroundParameters.parse(job.request.parameters)
    job.places.check()
    reader = job.reader
    area = parse_area(parameters.area, reader.grid, reader.name)
    step = _step(area, question.granularity)
    lattice = TileLattice.over(reader.grid.width, reader.grid.height, model.input_size, step, reader.origin)
    scorer = _scorer(job, model, lattice, question, parameters)
    with job.keep(_key(job, scorer, area, step)) as folder:
        blender = Blender(reader, lattice, scorer)
        units = list(units_of(area, reader.origin, job.unit_side))
        rasters = _rasters(job, folder, area, question, parameters)
        tally = score_units(
            blender, area, units, rasters, reader.grid, parameters.background, parameters.threshold,
            lambda part, message: job.progress(100 * FIRST_PASS * part, message), job.show,
        )  # fmt: skip
        if not tally.known:
            raise BadInput(codes.NO_VALID_PIXELS, f"{reader.name!r} has no data in the area; choose another place.")
        scored = time.perf_counter()
        found = _objects(job, parameters, question, rasters, units, area, STRIDE * step)
        vectorised = time.perf_counter()
        job.progress(97.0, "Writing")
        answer = _answer(parameters, question, tally, found or [], rasters, lattice, area)
        timings = {"total": vectorised - clock, "score": scored - clock, "vectorise": vectorised - scored}
        places = job.places if found is not None else replace(job.places, instances=None)
        return write_results(job, places, rasters, units, answer, found, timings)


def _step(area: Area, granularity: str) -> int:
    step = 1
    while granularity == IMAGE and max(area.window.width, area.window.height) > AFAR * step:
        step *= 2
    return step


def _scorer(
    job: Grounding, model: DenseEmbedder, lattice: TileLattice, question: Question, parameters: GroundParameters
) -> Scorer:
    vectors = phrase_vectors(model, question.asked, job.title)
    if not parameters.example:
        return Scorer(model, vectors)
    polygon = shape_in_pixels(parameters.example, job.reader.grid, "The example")
    return Scorer(model, vectors, learn_example(job.reader, model, lattice, polygon))


def _key(job: Grounding, scorer: Scorer, area: Area, step: int) -> str:
    """Return what two runs share whose units are the same, bit by bit."""
    shape = area.polygon.wkb_hex if area.polygon else ""
    told = [
        FORMAT,
        VERSION,
        scorer.fingerprint(),
        repr(area.window),
        shape,
        step,
        job.unit_side,
        str(job.reader.origin),
    ]
    told += [repr(job.reader.fingerprint), dict(job.model_record)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _rasters(job: Grounding, folder: Path, area: Area, question: Question, parameters: GroundParameters) -> Rasters:
    view = repr((parameters.background, parameters.threshold, question.shown))
    shown = folder / f"shown-{hashlib.sha256(view.encode()).hexdigest()[:8]}"
    shown.mkdir(exist_ok=True)
    tags = {"TOPOSCOPE_TASK": "ground", "TOPOSCOPE_MODEL": str(job.model_record.get("id", ""))}
    tags["TOPOSCOPE_PHRASES"] = "; ".join(question.shown)
    return Rasters(folder, shown, area.window, grid_of(area.window, job.reader.grid), question.shown, tags)


def _objects(
    job: Grounding,
    parameters: GroundParameters,
    question: Question,
    rasters: Rasters,
    units: Sequence[Unit],
    area: Area,
    cell: int,
) -> list[Found] | None:
    """Return the objects, None where they are not asked for."""
    from_afar = parameters.answer == AUTO and question.granularity == IMAGE
    if from_afar or job.places.instances is None:
        return None

    def progress(part: float) -> None:
        job.progress(100 * (FIRST_PASS + (0.95 - FIRST_PASS) * part), "Drawing objects")

    least, phrases = least_logit(parameters.threshold), len(question.shown)
    instances = find_instances(rasters.logits(units), area.window, units, phrases, least, cell, progress)
    return outlined(instances, question.shown, job.reader, parameters.outline)


def _answer(
    parameters: GroundParameters,
    question: Question,
    tally: Tally,
    found: Sequence[Found],
    rasters: Rasters,
    lattice: TileLattice,
    area: Area,
) -> GroundedAnswer:
    counts = Counter(one.phrase for one in found)
    rows = ranked(question.shown, tally, counts)
    step, at = lattice.step, area.window
    tiles = lattice.covering(
        at.col // step, at.row // step, -(-(at.col + at.width) // step), -(-(at.row + at.height) // step)
    )
    return GroundedAnswer(
        granularity=question.granularity,
        caption=caption(question.granularity, rows, parameters.threshold),
        phrases=rows,
        threshold=parameters.threshold,
        background=parameters.background,
        area=box_of(rasters.grid),
        crs=rasters.grid.crs,
        items=items_of([one.item() for one in found]),
        item_count=len(found),
        pixels_read=sum(tile.width * tile.height for tile in tiles),
        pixels_naive=area.window.width * area.window.height,
    )
