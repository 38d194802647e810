"""The compare job: embeddings of two dates to a map of change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from backend.errors import BadInput
from backend.given import given
from backend.jobs.handler import Handler, Workshop
from backend.jobs.step import Step
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embed.compare import run_compare
from backend.tasks.vectors_record import Run

AFTER = "after"


def _check(request: JobRequest, _of_model: Sequence[Parameter]) -> None:
    given(request.parameters, ())
    unknown = sorted(set(request.others) - {AFTER})
    if unknown:
        raise BadInput(codes.PARAMETER_INVALID, f"The compare task knows nothing of {unknown[0]!r:.60}; leave it out.")
    if AFTER not in request.others:
        raise BadInput(codes.PARAMETER_INVALID, "There is nothing to compare with; name the later date's embeddings.")


def _run(_workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    source = request.source or Source()
    out = Path(request.output.path) if request.output.path else folder / "change.tif"
    return run_compare(Run("compare", {}), Path(source.path), Path(request.others[AFTER].path), out, step, step.notice)


COMPARE = Handler(Task("compare", "Compare two dates", ""), _check, _run, needs_model=False)
