"""The engine of this machine: the catalogue's models, the tasks, the weights on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from backend.device import DEVICES, choose_device
from backend.errors import BadInput
from backend.geo.outline import OUTLINE_PARAMETERS, OutlineParameters
from backend.geo.reader import SourceReader
from backend.jobs.grounding import run_ground
from backend.jobs.live_model import LiveModel
from backend.jobs.step import Step
from backend.memory import free_memory, total_memory
from backend.models import tiers, weights
from backend.models.loaded import LoadedModels, model_infos
from backend.models.registry import Registry
from backend.models.spec import ModelSpec
from backend.protocol import PROTOCOL_VERSION, VERSION, codes
from backend.protocol.capabilities import Capabilities, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.prompts import Point
from backend.protocol.sessions import PredictRequest, PredictResponse, SessionRequest
from backend.protocol.source import Source
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.ground.job import check_request
from backend.tasks.ground.parameters import GROUND_PARAMETERS
from backend.tasks.ground.places import job_places
from backend.tasks.record import model_record
from backend.tasks.segment import run_segment
from backend.tasks.session import SegmentSession, session_info

SEGMENT = Task("segment", "Segment objects", DEFAULT_MODEL["segment"], OUTLINE_PARAMETERS)
GROUND = Task("ground", "Find by phrases", DEFAULT_MODEL["ground"], GROUND_PARAMETERS)
TASKS = {task.id: task for task in (SEGMENT, GROUND)}


class LocalEngine:
    """Implements `jobs.engine.Engine`."""

    def __init__(self, registry: Registry, models: Path) -> None:
        """Serve the models of `registry`, whose weights lie in the folder `models`."""
        self._registry = registry
        self._models = models
        self._loaded = LoadedModels(registry, models)
        self._cache = EmbeddingCache()
        self._live: dict[tuple[str, str], LiveModel] = {}

    def capabilities(self) -> Capabilities:
        """Return what can be done here."""
        self._models.mkdir(parents=True, exist_ok=True)
        return Capabilities(
            protocol=PROTOCOL_VERSION,
            version=VERSION,
            tiers=tiers.present(),
            device=choose_device().describe(),
            tasks=tuple(TASKS.values()),
            models=model_infos(self._registry, self._models),
            disk_free=shutil.disk_usage(self._models).free,
            memory_total=total_memory(),
            memory_free=free_memory(),
        )

    def check(self, request: JobRequest) -> None:
        """Refuse what can be refused before it is a job."""
        if request.task not in TASKS:
            raise BadInput(
                codes.BAD_REQUEST, f"There is no task {request.task!r}; the capabilities list those there are."
            )
        if request.source is None:
            raise BadInput(codes.BAD_REQUEST, "The job has no source; name a raster.")
        _check_device(request.device)
        _CHECKS[request.task](request)
        spec = self._spec(request.task, request.model)
        tiers.require(spec.tier)
        if weights.needed(spec) and weights.installed(spec, self._models) is None:
            raise weights.not_installed(spec)

    def run(self, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
        """Run a job."""
        spec = self._spec(request.task, request.model)
        step(0, f"Loading {spec.title}")
        if request.task == GROUND.id:
            return self._ground(replace(request, model=spec.id), folder, step)
        return self._segment(request, spec, folder, step)

    def _segment(self, request: JobRequest, spec: ModelSpec, folder: Path, step: Step) -> Iterable[Path]:
        model = self._model(spec.id, request.device)
        if model.notice:
            step.notice(model.notice)
        record = model_record(spec, self._models, model.device.kind, model.device.dtype)
        with _reader(request.source) as reader:
            return run_segment(request, model, record, reader, folder, step, cache=self._cache, notify=step.notice)

    def _ground(self, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
        places, runs = job_places(folder, request), folder.parent
        with _reader(request.source) as reader:
            return run_ground(
                request, self._loaded, self._models, reader, places, runs, step, step.partial, step.notice
            )

    def open(self, session_id: str, request: SessionRequest) -> LocalSession:
        """Open a source for clicks."""
        _check_device(request.device)
        spec = self._spec(SEGMENT.id, request.model)
        reader = _reader(request.source)
        try:
            model = self._model(spec.id, request.device)
            info = session_info(session_id, spec.id, reader, model.device.kind, model.notice)
            return LocalSession(SegmentSession(info, reader, model, self._cache), model)
        except BaseException:
            reader.close()
            raise

    def unload(self, model_id: str = "") -> None:
        """Free one model or all of them, and the embeddings."""
        self._loaded.unload(model_id)
        self._cache.clear()

    def knows(self, model_id: str) -> bool:
        """Return whether the catalogue has this model."""
        return model_id in self._registry.specs

    def download(self, model_id: str, token: str, revision: str, step: Step) -> None:
        """Download a model's weights."""
        from backend.models.weights_download import download

        download(self._registry.get(model_id), self._models, token, revision, step)

    def import_weights(self, model_id: str, path: Path, step: Step) -> None:
        """Import a model's weights."""
        from backend.models.weights_import import import_from

        step.notice(import_from(self._registry.get(model_id), self._models, path, step))

    def remove(self, model_id: str) -> None:
        """Unload a model and delete its weights."""
        self.unload(model_id)
        weights.remove(self._registry.get(model_id), self._models)

    def _spec(self, task: str, model: str) -> ModelSpec:
        spec = self._registry.get(model or TASKS[task].default_model)
        if task not in spec.tasks:
            raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} cannot {task}; choose another model.")
        return spec

    def _model(self, model_id: str, wanted: str) -> LiveModel:
        """Return the one `LiveModel` of this name and device: kept embeddings belong to it."""
        key = model_id, self._loaded.device_for(model_id, wanted).kind
        if key not in self._live:
            self._live[key] = LiveModel(self._loaded, model_id, wanted)
        return self._live[key]


class LocalSession:
    """A `SegmentSession` that says when its model had to move to the CPU."""

    def __init__(self, session: SegmentSession, model: LiveModel) -> None:
        self._session = session
        self._model = model
        self.info = session.info

    def predict(self, request: PredictRequest, on_step: Callable[[], None]) -> PredictResponse:
        """Return the object the prompts point at."""
        response = self._session.predict(request, on_step)
        moved = self._model.notice
        if moved in ("", self.info.notice):
            return response
        return replace(response, notice=f"{response.notice} {moved}".strip())

    def focus(self, point: Point) -> None:
        """Encode the crop around `point`."""
        self._session.focus(point)

    def close(self) -> None:
        """Close the source."""
        self._session.close()


def _check_segment(request: JobRequest) -> None:
    if not request.prompts:
        raise BadInput(codes.PROMPT_INVALID, "There are no prompts; give at least one point or box.")
    OutlineParameters.parse(request.parameters)


_CHECKS: dict[str, Callable[[JobRequest], object]] = {SEGMENT.id: _check_segment, GROUND.id: check_request}


def _check_device(wanted: str) -> None:
    """Refuse a name that is no device, also for a model that has no choice."""
    if wanted not in DEVICES:
        raise BadInput(codes.PARAMETER_INVALID, f"The device must be auto, cpu or cuda, not {wanted!r:.40}.")


def _reader(source: Source | None) -> SourceReader:
    if source is None:
        raise BadInput(codes.BAD_REQUEST, "The job has no source; name a raster.")
    return SourceReader(source, Path(source.path))
