"""The engine of this machine: the catalogue's models, the tasks, the weights on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from backend.device import DEVICES, choose_device
from backend.errors import BadInput
from backend.jobs.ask import Ask
from backend.jobs.handler import Workshop, reader_of
from backend.jobs.live_model import LiveModel
from backend.jobs.phrasing import Phrasing
from backend.jobs.segmenting import SEGMENT
from backend.jobs.step import Step
from backend.jobs.tasks import HANDLERS
from backend.memory import free_memory, total_memory
from backend.models import tiers, weights
from backend.models.loaded import LoadedModels, model_infos
from backend.models.registry import Registry
from backend.models.spec import ModelSpec
from backend.protocol import PROTOCOL_VERSION, VERSION, codes
from backend.protocol.asks import AskRequest
from backend.protocol.capabilities import Capabilities
from backend.protocol.jobs import JobRequest
from backend.protocol.prompts import Point
from backend.protocol.sessions import PredictRequest, PredictResponse, SessionRequest
from backend.tasks.session import SegmentSession, session_info


class LocalEngine:
    """Implements `jobs.engine.Engine`."""

    def __init__(self, registry: Registry, models: Path) -> None:
        """Serve the models of `registry`, whose weights lie in the folder `models`."""
        self._registry = registry
        self._models = models
        self._workshop = Workshop(LoadedModels(registry, models), models)
        self._phrasing = Phrasing(self._workshop.loaded, models)

    def capabilities(self) -> Capabilities:
        """Return what can be done here."""
        self._models.mkdir(parents=True, exist_ok=True)
        return Capabilities(
            protocol=PROTOCOL_VERSION,
            version=VERSION,
            tiers=tiers.present(),
            device=choose_device().describe(),
            tasks=tuple(handler.task for handler in HANDLERS.values()),
            models=model_infos(self._registry, self._models),
            disk_free=shutil.disk_usage(self._models).free,
            memory_total=total_memory(),
            memory_free=free_memory(),
        )

    def check(self, request: JobRequest) -> None:
        """Refuse what can be refused before it is a job."""
        if request.task not in HANDLERS:
            raise BadInput(
                codes.BAD_REQUEST, f"There is no task {request.task!r}; the capabilities list those there are."
            )
        handler = HANDLERS[request.task]
        if handler.needs_source and request.source is None:
            raise BadInput(codes.BAD_REQUEST, "The job has no source; name a raster.")
        _check_device(request.device)
        if not handler.needs_model:
            handler.check(request, ())
            return
        spec = self._spec(request.task, request.model)
        handler.check(request, spec.parameters)
        self._check_installed(spec)

    def run(self, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
        """Run a job."""
        handler = HANDLERS[request.task]
        if handler.needs_model:
            spec = self._spec(request.task, request.model)
            step(0, f"Loading {spec.title}")
            request = replace(request, model=spec.id)
        return handler.run(self._workshop, request, folder, step)

    def open(self, session_id: str, request: SessionRequest) -> LocalSession:
        """Open a source for clicks."""
        _check_device(request.device)
        spec = self._spec(SEGMENT.task.id, request.model)
        reader = reader_of(request.source)
        try:
            model = self._workshop.segmenter(spec.id, request.device)
            info = session_info(session_id, spec.id, reader, model.device.kind, model.notice)
            return LocalSession(SegmentSession(info, reader, model, self._workshop.cache), model)
        except BaseException:
            reader.close()
            raise

    def open_ask(self, ask_id: str, request: AskRequest) -> Ask:
        """Open embeddings for questions."""
        _check_device(request.device)
        return Ask(ask_id, request, self._phrasing)

    def unload(self, model_id: str = "") -> None:
        """Free one model or all of them, and the embeddings."""
        self._workshop.loaded.unload(model_id)
        self._workshop.cache.clear()

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
        spec = self._registry.get(model or HANDLERS[task].task.default_model)
        if task not in spec.tasks:
            raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} cannot {task}; choose another model.")
        return spec

    def _check_installed(self, spec: ModelSpec) -> None:
        tiers.require(spec.tier)
        if weights.needed(spec) and weights.installed(spec, self._models) is None:
            raise weights.not_installed(spec)


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


def _check_device(wanted: str) -> None:
    """Refuse a name that is no device, also for a model that has no choice."""
    if wanted not in DEVICES:
        raise BadInput(codes.PARAMETER_INVALID, f"The device must be auto, cpu or cuda, not {wanted!r:.40}.")
