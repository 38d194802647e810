"""The change job: a picture and its labels to pairs before and after, with the painter it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from backend.errors import BadInput
from backend.jobs.handler import Handler, Workshop
from backend.jobs.run_context import RunContext, context_of
from backend.jobs.shown_source import shown_source
from backend.jobs.step import Step
from backend.jobs.unfinished import Unfinished
from backend.models import weights
from backend.models.change_painter import ChangePainter
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.change.classes import classes_of
from backend.tasks.change.folder import check_folder
from backend.tasks.change.happening import happening_of
from backend.tasks.change.job import LABELS, Changing, run_change
from backend.tasks.change.labels import open_labels
from backend.tasks.change.parameters import CHANGE_PARAMETERS, ChangeParameters
from backend.tasks.record import model_record


def run_pairs(request: JobRequest, out: Path, run: RunContext) -> list[Path]:
    """Run a request whose model is named, and return the files written into the folder `out`, which is new or empty.

    Raises:
        BadInput: MODEL_UNKNOWN for a model that does not paint changes; as `happening_of`, `open_labels`, `run_change`.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    spec = run.loaded.registry.get(request.model)
    if "change" not in spec.tasks:
        able = ", ".join(one.id for one in run.loaded.registry.for_task("change"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} paints no changes; use one of {able}.")
    request = replace(request, parameters={**spec.defaults, **request.parameters})
    asked = ChangeParameters.parse(request.parameters)
    check_folder(out)
    source = request.source or Source()
    with (
        shown_source(source, run.notify) as reader,
        closing(open_labels(request.others[LABELS], reader, asked)) as labels,
    ):
        names = labels.names
        if asked.becomes and asked.becomes.casefold() not in (name.casefold() for name in names):
            names = (*names, asked.becomes)
        classes = classes_of(names, asked.like)
        painter = cast(ChangePainter, run.loaded.get(spec.id, request.device))
        notice = run.loaded.notice(spec.id, request.device)
        if notice:
            run.notify(notice)
        happening = happening_of(asked, classes, painter.classes)
        device = run.loaded.device_for(spec.id, request.device)
        record = {**model_record(spec, run.models, device.kind, device.dtype), **_beside(spec, run)}
        keep = Unfinished(run.runs).open
        job = Changing(request, asked, reader, labels, happening, record, out, keep, run.progress, run.notify)
        return run_change(job, painter)


def _beside(spec: ModelSpec, run: RunContext) -> dict[str, Any]:
    """Return what a record tells of the model that a painter works with, such as its autoencoder."""
    other = str(spec.options.get("beside", ""))
    if other not in run.loaded.registry.specs:
        return {}
    return {"beside": {"id": other, "sha256": weights.checksums(run.loaded.registry.get(other), run.models)}}


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    out = Path(request.output.path) if request.output.path else folder / "change"
    return run_pairs(request, out, context_of(workshop, folder, step))


def _check(request: JobRequest, _of_model: Sequence[Parameter]) -> None:
    unknown = sorted(set(request.others) - {LABELS})
    if unknown:
        raise BadInput(codes.PARAMETER_INVALID, f"The change task knows no file {unknown[0]!r:.60}; name {LABELS}.")
    if LABELS not in request.others:
        detail = "There are no labels; name a map of classes, or polygons, of what the image shows."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    ChangeParameters.parse(request.parameters)
    if request.output.path:
        check_folder(Path(request.output.path))


CHANGE = Handler(Task("change", "Make change pairs", DEFAULT_MODEL["change"], CHANGE_PARAMETERS), _check, _run)
