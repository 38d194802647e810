"""The search job, as the engine serves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from backend import paths
from backend.errors import BadInput
from backend.geo.atomic import has_suffix
from backend.jobs.handler import Handler, Workshop
from backend.jobs.phrasing import Phrasing
from backend.jobs.step import Step
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.jobs import JobRequest
from backend.tasks.search.asked import SEARCH_PARAMETERS, Places, Question, Wanted
from backend.tasks.search.job import run_search

EXAMPLES = "examples"


def _check(request: JobRequest, _of_model: Sequence[Parameter]) -> None:
    unknown = sorted(set(request.others) - {EXAMPLES})
    if unknown:
        raise BadInput(codes.PARAMETER_INVALID, f"The search task knows nothing of {unknown[0]!r:.60}; leave it out.")
    _question(request).check()


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    question = _question(request)
    phrased = partial(Phrasing(workshop.loaded, workshop.models).likeness, device=request.device)
    places = _places(question, request, folder)
    files: list[Path] = run_search(question, places, phrased, paths.cache_folder(), step, step.notice)["files"]
    return files


def _question(request: JobRequest) -> Question:
    assert request.source is not None  # nosec B101 # the engine saw to it
    examples = Path(request.others[EXAMPLES].path) if EXAMPLES in request.others else None
    return Question(Path(request.source.path), Wanted.parse(request.parameters), request.prompts, examples)


def _places(question: Question, request: JobRequest, folder: Path) -> Places:
    """Return the places in the job's folder, or beside the file its output names."""
    target = Path(request.output.path) if request.output.path else None

    def place(name: str) -> Path:
        return folder / name if target is None else target.with_name(f"{target.stem}.{name}")

    raster = target is not None and has_suffix(target, ".tif")
    found = place("places.gpkg") if target is None or raster else target
    similarity = target if raster else place("similarity.tif")
    table = question.vectors.suffix.lower() == ".parquet"
    return Places(place("run.json"), found, None if table else similarity)


SEARCH = Handler(Task("search", "Search embeddings", "", SEARCH_PARAMETERS), _check, _run, needs_model=False)
