"""The locate job: places to vectors, likeness or predictions, with the location encoder it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from backend.errors import BadInput
from backend.geo.atomic import check_replaces_none
from backend.jobs.handler import Handler, Workshop
from backend.jobs.step import Step
from backend.models.harmonics import Harmonics
from backend.models.loaded import LoadedModels
from backend.models.location import LocationEncoder
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.tasks.locate.job import run_locate
from backend.tasks.locate.parameters import LOCATE_PARAMETERS, Files, LocateParameters
from backend.tasks.record import model_record

OTHERS = ("points", "at", "picture")


@dataclass(frozen=True)
class Locating:
    """One request: its model by id, the values of its task's and its model's parameters, its files."""

    model: str
    values: Mapping[str, Any]
    files: Files
    device: str = "auto"


def run_located(
    asked: Locating, out: Path, loaded: LoadedModels, models: Path, progress: Callable[[float, str], None]
) -> tuple[dict[str, Any], list[Path], str]:
    """Answer a request in the file `out`; return what is to be said, the files, and a notice about the device.

    Raises:
        BadInput: MODEL_UNKNOWN for a model of another task; as `LocateParameters.parse` and `run_locate`.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    spec = loaded.registry.get(asked.model)
    if "locate" not in spec.tasks:
        able = ", ".join(one.id for one in loaded.registry.for_task("locate"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not locate; use one of {able}.")
    check_replaces_none((out,), (asked.files.points, asked.files.at, asked.files.picture))
    parameters = LocateParameters.parse(asked.values, spec.parameters)
    question = parameters.question(asked.files)
    encoder = _encoder(loaded, spec, parameters, asked.device)
    device = loaded.device_for(spec.id, asked.device)
    record = model_record(spec, models, device.kind, "float64")
    said, files = run_locate(question, encoder, spec, record, out, progress)
    return said, files, device.notice


def _encoder(loaded: LoadedModels, spec: ModelSpec, parameters: LocateParameters, device: str) -> LocationEncoder:
    for degrees in parameters.of_model.values():  # the one parameter that a location encoder has
        return Harmonics(degrees)
    return cast(LocationEncoder, loaded.get(spec.id, device))


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    files = Files(**{name: Path(other.path) for name, other in request.others.items()})
    asked = Locating(request.model, request.parameters, files, request.device)
    _, written, notice = run_located(asked, _out(request, folder), workshop.loaded, workshop.models, step)
    if notice:
        step.notice(notice)
    return written


def _out(request: JobRequest, folder: Path) -> Path:
    """Return the file of the answer: what the output names, or one in the job's folder of the kind that is asked."""
    if request.output.path:
        return Path(request.output.path)
    if request.parameters.get("extent"):
        return folder / "places.tif"
    return folder / ("places.gpkg" if request.parameters.get("predict") else "places.parquet")


def _check(request: JobRequest, of_model: Sequence[Parameter]) -> None:
    unknown = sorted(set(request.others) - set(OTHERS))
    if unknown:
        detail = f"The locate task knows no file {unknown[0]!r:.60}; name {', '.join(OTHERS)}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    LocateParameters.parse(request.parameters, of_model)


LOCATE = Handler(
    Task("locate", "Describe places", DEFAULT_MODEL["locate"], LOCATE_PARAMETERS), _check, _run, needs_source=False
)
