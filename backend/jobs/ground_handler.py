"""The ground job, as the engine serves it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.jobs.grounding import run_ground
from backend.jobs.handler import Handler, Workshop, reader_of
from backend.jobs.step import Step
from backend.protocol.capabilities import Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.tasks.ground.job import check_request
from backend.tasks.ground.parameters import GROUND_PARAMETERS
from backend.tasks.ground.places import job_places


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    places, runs = job_places(folder, request), folder.parent
    with reader_of(request.source) as reader:
        return run_ground(
            request, workshop.loaded, workshop.models, reader, places, runs, step, step.partial, step.notice
        )


GROUND = Handler(
    Task("ground", "Find by phrases", DEFAULT_MODEL["ground"], GROUND_PARAMETERS),
    lambda request, _: check_request(request),
    _run,
)
