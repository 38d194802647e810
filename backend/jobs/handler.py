"""What the engine knows of a task: how its requests are checked and run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.jobs.live_model import LiveModel
from backend.jobs.step import Step
from backend.models.loaded import LoadedModels
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embeddings import EmbeddingCache


class Workshop:
    """What jobs of one engine share: loaded models, their store, encoded crops. Used from the device thread only."""

    def __init__(self, loaded: LoadedModels, models: Path) -> None:
        """Work with the models `loaded`, whose weights lie in the folder `models`."""
        self.loaded = loaded
        self.models = models
        self.cache = EmbeddingCache()
        self._segmenters: dict[tuple[str, str], LiveModel] = {}

    def segmenter(self, model_id: str, wanted: str) -> LiveModel:
        """Return the one `LiveModel` of this name and device: kept embeddings belong to it."""
        key = model_id, self.loaded.device_for(model_id, wanted).kind
        if key not in self._segmenters:
            self._segmenters[key] = LiveModel(self.loaded, model_id, wanted)
        return self._segmenters[key]


@dataclass(frozen=True)
class Handler:
    """A task that the engine serves.

    Attributes:
        check: raises BadInput where a request can be refused before it is a job; takes its model's own parameters, too.
        run: takes a request that names its model, the job's folder and its step; returns the result files.
        needs_source: whether a request must name a source.
        needs_model: whether it runs a model; then that one's weights must be there.
    """

    task: Task
    check: Callable[[JobRequest, Sequence[Parameter]], object]
    run: Callable[[Workshop, JobRequest, Path, Step], Iterable[Path]]
    needs_source: bool = True
    needs_model: bool = True


def spec_of(workshop: Workshop, request: JobRequest) -> ModelSpec:
    """Return the spec of the model that `request` names."""
    return workshop.loaded.registry.get(request.model)


def reader_of(source: Source | None) -> SourceReader:
    """Return the source, open. Raises BAD_REQUEST where there is none, or as `SourceReader`."""
    if source is None:
        raise BadInput(codes.BAD_REQUEST, "The job has no source; name a raster.")
    return SourceReader(source, Path(source.path))
