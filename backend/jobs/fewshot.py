"""The few-shot job, as the engine serves it."""

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
from backend.tasks.fewshot.job import run_fewshot
from backend.tasks.fewshot.question import COLUMN, Places, Question

TEXTS = ("column", "layer", "area")


def _check(request: JobRequest, _of_model: Sequence[Parameter]) -> None:
    given(request.parameters, (), TEXTS)
    unknown = sorted(set(request.others) - {"examples", "classifier"})
    if unknown:
        raise BadInput(codes.PARAMETER_INVALID, f"The few-shot task knows nothing of {unknown[0]!r:.60}; leave it out.")
    _question(request).check()


def _run(_workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    question = _question(request)
    said = run_fewshot(question, _places(question, request, folder), step, step.notice)
    files: list[Path] = said["files"]
    return files


def _question(request: JobRequest) -> Question:
    def path(name: str) -> Path | None:
        return Path(request.others[name].path) if name in request.others else None

    assert request.source is not None  # nosec B101 # the engine saw to it
    texts = request.parameters
    return Question(
        Path(request.source.path),
        path("examples"),
        texts.get("column") or COLUMN,
        texts.get("layer", ""),
        request.prompts,
        path("classifier"),
        texts.get("area", ""),
    )


def _places(question: Question, request: JobRequest, folder: Path) -> Places:
    """Return the places in the job's folder, or beside the file its output names."""
    target = Path(request.output.path) if request.output.path else None

    def place(name: str) -> Path:
        return folder / name if target is None else target.with_name(f"{target.stem}.{name}")

    saved = None if question.classifier else place("classifier.json")
    if question.vectors.suffix.lower() == ".parquet":
        return Places(target or place("classes.gpkg"), place("run.json"), None, saved)
    return Places(target or place("classes.tif"), place("run.json"), place("confidence.tif"), saved)


FEWSHOT = Handler(Task("fewshot", "Classify from a few examples", ""), _check, _run, needs_model=False)
