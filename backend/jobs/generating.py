"""The generate job: synthetic imagery, with the generator it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from backend.errors import BadInput
from backend.jobs.handler import Handler, Workshop
from backend.jobs.live_painter import LivePainter
from backend.jobs.run_context import RunContext, context_of
from backend.jobs.shown_source import shown_source
from backend.jobs.step import Step
from backend.jobs.unfinished import Unfinished
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.generate.earth import earth_source
from backend.tasks.generate.job import Generating, run_generate
from backend.tasks.generate.parameters import EARTH, GENERATE_PARAMETERS, GenerateParameters
from backend.tasks.generate.places import Places, job_places
from backend.tasks.record import model_record

CUDA_BATCH = 16


def run_generated(request: JobRequest, places: Places, run: RunContext) -> list[Path]:
    """Run a request whose model is named, and return the files written, the record last.

    Raises:
        BadInput: MODEL_UNKNOWN for a model of another task; as `run_generate`.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    spec = run.loaded.registry.get(request.model)
    if "generate" not in spec.tasks:
        able = ", ".join(one.id for one in run.loaded.registry.for_task("generate"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} paints no imagery; use one of {able}.")
    request = replace(request, parameters={**spec.defaults, **request.parameters})
    asked = GenerateParameters.parse(request.parameters, spec.parameters)
    painter = LivePainter(run.loaded, spec.id, request.device)
    if painter.notice:
        run.notify(painter.notice)
    record = model_record(spec, run.models, painter.device.kind, painter.device.dtype)
    with closing(shown_source(_source(request, asked), run.notify)) as reader:
        keep, batch = Unfinished(run.runs).open, CUDA_BATCH if painter.batches else 1
        job = Generating(request, asked, reader, record, places, keep, run.progress, run.show, batch)
        return run_generate(job, painter)


def _source(request: JobRequest, asked: GenerateParameters) -> Source:
    if asked.base == EARTH:
        return earth_source()
    return request.source or Source()


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    run = context_of(workshop, folder, step)
    return run_generated(request, job_places(folder, request), run)


def _check(request: JobRequest, of_model: Sequence[Parameter]) -> None:
    asked = GenerateParameters.parse(request.parameters, of_model)
    if request.others:
        detail = f"The generate task knows nothing of {sorted(request.others)[0]!r:.60}; leave it out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if (asked.base == EARTH) == (request.source is not None):
        detail = "Name a raster to begin with, or take the Blue Marble and no raster."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if asked.base == EARTH and not asked.area:
        detail = "The Blue Marble is the whole earth; give an area of it, in degrees."
        raise BadInput(codes.PARAMETER_INVALID, detail)


GENERATE = Handler(
    Task("generate", "Generate imagery", DEFAULT_MODEL["generate"], GENERATE_PARAMETERS),
    _check, _run, needs_source=False,
)  # fmt: skip
