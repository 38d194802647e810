"""One job from this machine's files to its results: files are sent where needed, results fetched, then kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, List, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import FINAL, SUCCESSFUL, JobRequest, JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..client import calls
from ..client.client import Client, Pending, ignore
from .background import Background
from .connection import Connection
from .fetching import Fetching
from .jobs import JobList
from .keeping import keep


@dataclass(frozen=True)
class Errand:
    """What is to be done. The request's `source` and `others` name files on this machine, or uploads there.

    `into` is the folder that takes the results, None for Toposcope's own.
    """

    request: JobRequest
    title: str
    into: Optional[Path] = None


class JobRun(QObject):
    """Ends with exactly one of `succeeded(JobState, folder)`, `failed(Problem)` and `cancelled()`.

    Before that `progressed(JobState)` follows the job, `moving()` says that its results are on their way, and
    `noticed(str)` tells of results that could not be moved.
    """

    progressed = pyqtSignal(object)
    moving = pyqtSignal()
    noticed = pyqtSignal(str)
    succeeded = pyqtSignal(object, object)
    failed = pyqtSignal(object)
    cancelled = pyqtSignal()

    def __init__(self, errand: Errand, jobs: JobList, connection: Connection, parent: QObject) -> None:
        super().__init__(parent)
        self._errand, self._jobs, self._connection = errand, jobs, connection
        self._key = ""
        self._uploads: List[str] = []
        self._over = self._moving = False
        self._sending: Optional[Pending] = None
        self._fetching: Optional[Fetching] = None
        jobs.dataChanged.connect(self._on_jobs)
        jobs.finished.connect(self._on_finished)

    def start(self) -> None:
        """Send the files to a backend on another machine, one after another; one on this machine reads them."""
        client = self._connection.client if self._connection.ready else None
        request = self._errand.request
        files = {} if request.source is None else {"": request.source}
        files.update(request.others)
        if client is None or client.endpoint.loopback:
            self._submit(files)
        else:
            self._send(client, files, [name for name, source in files.items() if source.path])

    def cancel(self) -> None:
        """Stop; a job that runs is asked to, and `cancelled` follows when it has. Results that move go on moving."""
        if self._moving:
            return
        if self._key:
            self._jobs.cancel(self._key)
        if not self._over and (not self._key or self._fetching is not None):
            self._end(self.cancelled.emit)

    def close(self) -> None:
        """Stop without a word."""
        self.blockSignals(True)
        self.cancel()
        self._over = True
        self._tidy()

    def _send(self, client: Client, files: Dict[str, Source], left: List[str]) -> None:
        if not left:
            self._sending = None
            self._submit(files)
            return
        name, *others = left

        def sent(upload: str) -> None:
            self._uploads.append(upload)
            self._send(client, {**files, name: replace(files[name], path="", upload=upload)}, others)

        path = Path(files[name].path)
        self._sending = client.upload(path, sent, self._on_problem, lambda _done, _total: None)

    def _submit(self, files: Dict[str, Source]) -> None:
        others = {name: source for name, source in files.items() if name}
        request = replace(self._errand.request, source=files.get(""), others=others)
        self._key = self._jobs.submit(request, self._errand.title)
        state = self._jobs.state(self._key)
        if state is not None and state.status in FINAL:  # told before it had a key: there is no backend
            self._on_finished(state)

    def _on_jobs(self, *_arguments: object) -> None:
        state = self._jobs.state(self._key) if self._key and not self._over else None
        if state is not None and state.status not in FINAL:
            self.progressed.emit(state)

    def _on_finished(self, state: JobState) -> None:
        mine = self._jobs.state(self._key) if self._key and not self._over else None
        if mine is None or mine.id != state.id:
            return
        if state.status == SUCCESSFUL:
            self._bring_back(state)
        elif state.problem is not None:
            self._on_problem(state.problem)
        else:
            self._end(self.cancelled.emit)

    def _bring_back(self, state: JobState) -> None:
        client: Optional[Client] = self._connection.client
        if client is None or client.endpoint.loopback:
            self._keep(state, Path(state.results[0].path).parent)
            return
        self._fetching = Fetching(client, state, self._on_problem, self)
        self._fetching.done.connect(lambda folder: self._on_fetched(state, folder))
        self._fetching.start()

    def _on_fetched(self, state: JobState, folder: Path) -> None:
        self._fetching = None
        self._keep(state, folder)

    def _keep(self, state: JobState, found: Path) -> None:
        """Bring the results where they are wanted; where that fails they are shown from where they are."""
        into, title = self._errand.into, self._errand.title
        if into is None:
            self._end(lambda: self.succeeded.emit(state, found))
            return
        self._moving = True
        self.moving.emit()

        def failed(error: Exception) -> None:
            self.noticed.emit(str(error))
            self._end(lambda: self.succeeded.emit(state, found))

        Background(
            lambda: keep(found, into, title), lambda kept: self._end(lambda: self.succeeded.emit(state, kept)), failed,
            self,
        )  # fmt: skip

    def _on_problem(self, problem: Problem) -> None:
        self._end(lambda: self.failed.emit(problem))

    def _end(self, tell: Callable[[], None]) -> None:
        if self._over:
            return
        self._over = True
        self._tidy()
        tell()
        self.deleteLater()

    def _tidy(self) -> None:
        """Let go of what was sent or is on its way."""
        for pending in (self._sending, self._fetching):
            if pending is not None:
                pending.abort()
        for upload in self._uploads:
            if self._connection.client is not None:
                self._connection.client.send(calls.remove_upload(upload), ignore, ignore)
