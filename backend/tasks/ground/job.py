"""The ground job: phrases and an area in, objects and class maps out.

With a dense model memory hardly grows with the raster: under 1 kB a tile for the account of its cost, 2 MB for 20,000 x
20,000 pixels in tiles of 512. A detector's objects are held until all are found, and things that `refine` draws anew
until all of their phrase are.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.raster import Grid
from backend.geo.reader import SourceReader
from backend.geo.write_vector import check_layer
from backend.protocol import VERSION, codes
from backend.protocol.ground import IMAGE, GroundedAnswer
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.ground_policy.closer import Closeness
from backend.tasks.ground_policy.resolution import looks
from backend.tasks.record import utc_now
from backend.tasks.stopped import Keep, begun_at
from backend.tasks.tiles import STRIDE, TileLattice

from .answer import box_of, caption, ranked
from .area import Area, parse_area
from .instances import Instance
from .meter import Meter, everything, read_entry
from .parameters import AUTO, GroundParameters
from .places import Places
from .question import Question, read_question
from .rasters import Rasters, grid_of
from .scoring import score_units
from .shown import Tally
from .units import SIDE, Unit, units_of
from .vectors import Drawing, Summary
from .writing import write_results

FIRST_PASS = 0.8
FORMAT = 1


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
    closeness: Closeness = field(default_factory=Closeness)
    started: str = field(default_factory=utc_now)


def check_request(request: JobRequest) -> Question:
    """Refuse what can be refused without the source, and return the question."""
    check_layer(request.output.layer)
    return read_question(GroundParameters.parse(request.parameters))


class Work(Protocol):
    """How one kind of model answers; a job is carried out around it."""

    def make(self, path: Path, unit: Unit, on_tile: Callable[[int, int], None]) -> None:
        """Make the file of a unit."""

    def instances(
        self, rasters: Rasters, units: Sequence[Unit], progress: Callable[[float], None]
    ) -> Iterable[Instance]:
        """Return the objects, once all units are there."""


@dataclass(frozen=True)
class Plan:
    """What is looked at and how: the tiles of all looks, coarse before fine, and those at native resolution."""

    question: Question
    parameters: GroundParameters
    area: Area
    looks: tuple[TileLattice, ...]
    native: TileLattice

    @property
    def lattice(self) -> TileLattice:
        """Return the tiles of the finest look."""
        return self.looks[-1]


def plan(job: Grounding, size: int, stride: int = STRIDE) -> Plan:
    """Return what the request means on the source for a model of `size` pixels a side, `stride` of them a feature.

    Raises:
        BadInput: as `check_request` and `parse_area`; OUTPUT_UNWRITABLE.
    """
    question = check_request(job.request)
    parameters = GroundParameters.parse(job.request.parameters)
    job.places.check()
    grid = job.reader.grid
    area = parse_area(parameters.area, grid, job.reader.name)
    steps = looks(question.granularity, parameters.coverage, max(area.window.width, area.window.height))
    native, *others = (
        TileLattice.over(grid.width, grid.height, size, step, job.reader.origin, stride) for step in (1, *steps)
    )
    return Plan(question, parameters, area, tuple(others), native)


def carry_out(job: Grounding, plan: Plan, key: Sequence[object], work: Callable[[Path], Work]) -> list[Path]:
    """Make the units, find the objects, write the files; return these, the record last.

    Args:
        key: what makes two runs' units the same beside what is looked at.
        work: takes the folder of the units.

    Raises:
        BadInput: NO_VALID_PIXELS, OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    clock, reader, parameters = time.perf_counter(), job.reader, plan.parameters
    with job.keep(_key(job, plan, key)) as folder, Batch() as batch:
        job = replace(job, started=begun_at(folder, job.started))
        working = work(folder)
        units = list(units_of(plan.area, reader.origin, job.unit_side))
        rasters = _rasters(job, folder, plan.area, plan.question, parameters)
        meter = Meter(working.make)
        tally = score_units(
            meter.make, units, rasters, reader.grid, parameters.background, parameters.threshold,
            lambda part, message: job.progress(100 * FIRST_PASS * part, message), job.show, lambda: meter.cost.share,
        )  # fmt: skip
        if not tally.known:
            raise BadInput(codes.NO_VALID_PIXELS, f"{reader.name!r} has no data in the area; choose another place.")
        scored = time.perf_counter()
        found = _objects(batch, job, plan, working, rasters, units)
        vectorised = time.perf_counter()
        job.progress(97.0, "Writing")
        for unit in units:
            meter.add(read_entry(rasters.unit(unit)))
        if not meter.cost.naive:
            meter.add(everything(plan.lattice, plan.native, plan.area.window))
        answer = _answer(plan, tally, found or Summary(), rasters, meter, reader.grid)
        timings = {"total": vectorised - clock, "score": scored - clock, "vectorise": vectorised - scored}
        return write_results(batch, job, rasters, units, answer, timings)


def _key(job: Grounding, plan: Plan, key: Sequence[object]) -> str:
    """Return what two runs share whose units are the same, bit by bit."""
    area, reader = plan.area, job.reader
    shape = area.polygon.wkb_hex if area.polygon else ""
    told = [
        FORMAT,
        VERSION,
        *key,
        repr(area.window),
        shape,
        [look.step for look in plan.looks],
        job.unit_side,
        str(reader.origin),
    ]
    told += [repr(reader.fingerprint), dict(job.model_record)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _rasters(job: Grounding, folder: Path, area: Area, question: Question, parameters: GroundParameters) -> Rasters:
    view = repr((parameters.background, parameters.threshold, question.shown))
    shown = folder / f"shown-{hashlib.sha256(view.encode()).hexdigest()[:8]}"
    shown.mkdir(exist_ok=True)
    tags = {"TOPOSCOPE_TASK": "ground", "TOPOSCOPE_MODEL": str(job.model_record.get("id", ""))}
    tags["TOPOSCOPE_PHRASES"] = "; ".join(question.shown)
    return Rasters(folder, shown, area.window, grid_of(area.window, job.reader.grid), question.shown, tags)


def _objects(
    batch: Batch, job: Grounding, plan: Plan, work: Work, rasters: Rasters, units: Sequence[Unit]
) -> Summary | None:
    """Write the objects and return what is remembered of them, None where they are not asked for."""
    from_afar = plan.parameters.answer == AUTO and plan.question.granularity == IMAGE
    if from_afar or job.places.instances is None:
        return None

    done = 0.0

    def progress(part: float = 0.0) -> None:
        nonlocal done
        done = max(done, part)
        job.progress(100 * (FIRST_PASS + (0.95 - FIRST_PASS) * done), "Drawing objects")

    found: list[Summary] = []
    model, layer = str(job.model_record.get("id", "")), job.request.output.layer
    drawing = Drawing(plan.question.shown, job.reader, plan.parameters.outline, layer, model, job.started)
    batch.write(
        job.places.instances,
        lambda path: found.append(drawing.write(path, work.instances(rasters, units, progress), progress)),
    )
    return found[0]


def _answer(plan: Plan, tally: Tally, found: Summary, rasters: Rasters, meter: Meter, source: Grid) -> GroundedAnswer:
    question, parameters = plan.question, plan.parameters
    rows = ranked(question.shown, tally, found.counts)
    return GroundedAnswer(
        granularity=question.granularity,
        caption=caption(question.granularity, rows, parameters.threshold),
        phrases=rows,
        threshold=parameters.threshold,
        background=parameters.background,
        area=box_of(rasters.grid),
        crs=rasters.grid.crs,
        items=tuple(found.items),
        item_count=found.counts.total(),
        pixels_read=meter.cost.read,
        pixels_naive=meter.cost.naive,
        looked=tuple(box_of(grid_of(crop.window, source)) for crop in meter.crops),
    )
