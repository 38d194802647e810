"""The segment job: objects that prompts point at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from backend.errors import BadInput
from backend.geo.outline import OUTLINE_PARAMETERS, OutlineParameters
from backend.jobs.handler import Handler, Workshop, reader_of, spec_of
from backend.jobs.step import Step
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.tasks.record import model_record
from backend.tasks.segment import run_segment


def _check(request: JobRequest, _of_model: Sequence[Parameter]) -> None:
    if not request.prompts:
        raise BadInput(codes.PROMPT_INVALID, "There are no prompts; give at least one point or box.")
    OutlineParameters.parse(request.parameters)


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    spec = spec_of(workshop, request)
    model = workshop.segmenter(spec.id, request.device)
    if model.notice:
        step.notice(model.notice)
    record = model_record(spec, workshop.models, model.device.kind, model.device.dtype)
    with reader_of(request.source) as reader:
        return run_segment(request, model, record, reader, folder, step, cache=workshop.cache, notify=step.notice)


SEGMENT = Handler(Task("segment", "Segment objects", DEFAULT_MODEL["segment"], OUTLINE_PARAMETERS), _check, _run)
