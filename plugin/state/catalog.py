"""The models as the pickers show them, and getting and removing their weights."""

from __future__ import annotations

from typing import Optional, Tuple
from uuid import uuid4

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.capabilities import Device, ModelInfo, Parameter, Task
from ...backend.protocol.jobs import JobState
from ...backend.protocol.transfers import DownloadRequest
from ..client import calls
from ..errors import user_error
from .connection import Connection
from .jobs import JobList

WEIGHT_TASKS = ("download", "import")


class Catalog(QObject):
    """What the connected backend offers; empty while there is none. `changed` fires when that changes."""

    changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, connection: Connection, jobs: JobList, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._connection, self._jobs = connection, jobs
        self._shown = connection.capabilities
        connection.changed.connect(self._on_connection)
        jobs.finished.connect(self._on_job)

    @property
    def device(self) -> Optional[Device]:
        """Return what models run on."""
        return self._shown.device if self._shown else None

    def models(self, task: str = "") -> Tuple[ModelInfo, ...]:
        """Return the models of a task, or all."""
        models = self._shown.models if self._shown else ()
        return tuple(model for model in models if not task or task in model.tasks)

    def model(self, model_id: str) -> Optional[ModelInfo]:
        """Return a model."""
        return next((model for model in self.models() if model.id == model_id), None)

    def default_model(self, task: str) -> str:
        """Return the model a task starts with, empty while that is not known."""
        found = self._task(task)
        return found.default_model if found else ""

    def choose(self, task: str, remembered: str) -> str:
        """Return the remembered model where it can be used, else the task's default."""
        model = self.model(remembered)
        usable = model is not None and model.installed and task in model.tasks
        return remembered if usable else self.default_model(task)

    def parameters(self, task: str, model_id: str = "") -> Tuple[Parameter, ...]:
        """Return what can be set: the task's parameters, in the model's form where it has its own; then the model's."""
        found, model = self._task(task), self.model(model_id)
        all_of_them = (*(found.parameters if found else ()), *(model.parameters if model else ()))
        own = {parameter.name: parameter for parameter in all_of_them}.values()
        return tuple(parameter for parameter in own if not parameter.hidden)

    def download(self, model_id: str, token: str) -> str:
        """Start a download and return its key in the job list. `token` opens gated repositories; empty for none."""
        key = uuid4().hex
        call = calls.download_model(model_id, DownloadRequest(token), key)
        return self._start(call, key, self.tr("Download {model}"), "download", model_id)

    def import_model(self, model_id: str, path: str) -> str:
        """Start an import from a file or folder beside the backend and return its key in the job list."""
        key = uuid4().hex
        call = calls.import_model(model_id, path, key)
        return self._start(call, key, self.tr("Import {model}"), "import", model_id)

    def remove(self, model_id: str) -> None:
        """Remove a model's weights."""
        client = self._connection.client
        if client is not None:
            client.send(
                calls.remove_model(model_id),
                lambda _: self._connection.refresh(),
                lambda problem: self.failed.emit(user_error(problem)),
            )

    def _start(self, call: calls.Call[JobState], key: str, title: str, task: str, model_id: str) -> str:
        model = self.model(model_id)
        title = title.format(model=model.title if model else model_id)
        return self._jobs.start(call, title, task, model_id, key)

    def _task(self, task: str) -> Optional[Task]:
        tasks = self._shown.tasks if self._shown else ()
        return next((found for found in tasks if found.id == task), None)

    def _on_connection(self) -> None:
        if self._connection.capabilities != self._shown:
            self._shown = self._connection.capabilities
            self.changed.emit()

    def _on_job(self, state: JobState) -> None:
        if state.task in WEIGHT_TASKS:
            self._connection.refresh()
