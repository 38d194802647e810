"""The jobs of this session of QGIS as an item model: what the job page shows and what started a job waits for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional
from uuid import uuid4

from qgis.PyQt.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, pyqtSignal

from ...backend.protocol import codes
from ...backend.protocol.jobs import ACCEPTED, DISMISSED, FAILED, FINAL, Event, JobRequest, JobState
from ...backend.protocol.problem import Problem
from ..backend_texts import translated
from ..client import calls
from ..client.calls import Call
from ..client.client import Client, ignore
from ..client.failures import CONNECTION_LOST
from ..errors import BACKEND_NOT_STARTED, JOB_INTERRUPTED, UserError, user_error
from .connection import Connection
from .job_report import job_report

_FIRST_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass
class _Row:
    """A job as listed. `key` names it from before the backend gave it an id; `call` can be sent again."""

    key: str
    title: str
    state: JobState
    call: Optional[Call[JobState]] = None
    tries: int = 0


class JobList(QAbstractListModel):
    """Newest first. `finished(JobState)` fires once a job, also for one that never reached the backend."""

    ID_ROLE = _FIRST_ROLE + 1
    TITLE_ROLE = _FIRST_ROLE + 2
    STATUS_ROLE = _FIRST_ROLE + 3
    PROGRESS_ROLE = _FIRST_ROLE + 4
    MESSAGE_ROLE = _FIRST_ROLE + 5
    REMAINING_ROLE = _FIRST_ROLE + 6
    ERROR_ROLE = _FIRST_ROLE + 7

    finished = pyqtSignal(object)
    notice = pyqtSignal(str)

    def __init__(
        self,
        connection: Connection,
        log: Callable[[], List[str]] = list,
        versions: Callable[[], List[str]] = list,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._connection = connection
        self._log, self._versions = log, versions
        self._rows: List[_Row] = []
        self._client: Optional[Client] = None
        connection.changed.connect(self._on_connection)
        self._on_connection()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """Return how many jobs there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return one value of a job."""
        if not index.isValid():
            return None
        read = _READERS.get(int(role))
        return read(self._rows[index.row()]) if read else None

    def roleNames(self) -> Dict[int, bytes]:
        """Return the roles by name."""
        names = ("id", "title", "status", "progress", "message", "remaining", "error")
        return {_FIRST_ROLE + 1 + i: name.encode() for i, name in enumerate(names)}

    def submit(self, request: JobRequest, title: str) -> str:
        """Start a job and return the key it can be named by here."""
        key = uuid4().hex
        return self.start(calls.submit(request, key), title, request.task, request.model, key)

    def start(self, call: Call[JobState], title: str, task: str, model: str, key: str) -> str:
        """Send a call that answers with a job, such as a download, and list it."""
        state = JobState(key, task, ACCEPTED, datetime.now(timezone.utc).isoformat(timespec="seconds"), model)
        row = _Row(key, title, state, call)
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._rows.insert(0, row)
        self.endInsertRows()
        self._send(row)
        return key

    def state(self, job: str) -> Optional[JobState]:
        """Return the state of the job with this key or id."""
        row = self._find(job)
        return row.state if row else None

    def error(self, job: str) -> Optional[UserError]:
        """Return why a job failed."""
        state = self.state(job)
        return user_error(state.problem) if state and state.problem else None

    def cancel(self, job: str) -> None:
        """Ask a job to stop."""
        row = self._find(job)
        if row is None or row.state.status in FINAL:
            return
        if row.state.id == row.key or self._client is None:
            self._update(row, replace(row.state, status=DISMISSED))
        else:
            self._client.send(calls.dismiss(row.state.id), lambda state: self._update(row, state), ignore)

    def report(self, job: str) -> str:
        """Return a text about a job that can be posted: no paths, no tokens."""
        row = self._find(job)
        if row is None:
            return ""
        return job_report(row.title, row.state, self._connection.capabilities, self._log(), self._versions())

    def _send(self, row: _Row) -> None:
        client = self._client
        if client is None or row.call is None:
            self._update(row, _failed(row.state, Problem(BACKEND_NOT_STARTED, "There is no backend.", 0)))
            return
        row.tries += 1
        client.send(row.call, lambda state: self._on_started(row, state), lambda p: self._on_refused(row, p))

    def _on_started(self, row: _Row, state: JobState) -> None:
        if row.state.status in FINAL:  # cancelled before the backend knew it
            if self._client is not None:
                self._client.send(calls.dismiss(state.id), ignore, ignore)
            return
        self._update(row, state)
        if self._client is not None and state.status not in FINAL:
            self._ask(row, self._client)  # its events may have come before this answer

    def _on_refused(self, row: _Row, problem: Problem) -> None:
        if problem.code == CONNECTION_LOST and row.tries == 1 and self._client is not None:
            self._send(row)  # the key keeps the backend from starting it twice
            return
        self._update(row, _failed(row.state, problem))

    def _on_connection(self) -> None:
        client = self._connection.client if self._connection.ready else None
        if client is self._client:
            return
        self._client = client
        for row in [row for row in self._rows if row.state.status not in FINAL]:
            self._update(row, _interrupted(row.state))
        if client is not None:
            client.happened.connect(self._on_event)
            client.streaming.connect(self._on_streaming)

    def _on_event(self, event: Event) -> None:
        if event.notice:
            self.notice.emit(translated(event.notice))
        row = self._find(event.job.id) if event.job else None
        if row is not None and event.job is not None:
            self._update(row, event.job)

    def _on_streaming(self, up: bool) -> None:
        """Ask for what may have happened while no events came."""
        if not up or self._client is None:
            return
        for row in self._rows:
            if row.state.status not in FINAL and row.state.id != row.key:
                self._ask(row, self._client)

    def _ask(self, row: _Row, client: Client) -> None:
        def failed(problem: Problem) -> None:
            if problem.code == codes.NOT_FOUND:
                self._update(row, _interrupted(row.state))

        client.send(calls.job(row.state.id), lambda state: self._update(row, state), failed)

    def _update(self, row: _Row, state: JobState) -> None:
        """Take a newer state; a final one is never left again, and progress does not go back."""
        older = state.id == row.state.id and state.status not in FINAL and state.progress < row.state.progress
        if row.state.status in FINAL or older:
            return
        row.state = state
        index = self.index(self._rows.index(row))
        self.dataChanged.emit(index, index)
        if state.status in FINAL:
            row.call = None
            self.finished.emit(state)

    def _find(self, job: str) -> Optional[_Row]:
        return next((row for row in self._rows if job in (row.key, row.state.id)), None)


def _failed(state: JobState, problem: Problem) -> JobState:
    return replace(state, status=FAILED, problem=problem, remaining_s=None)


def _interrupted(state: JobState) -> JobState:
    return _failed(state, Problem(JOB_INTERRUPTED, "The backend stopped before the job was done.", 0))


def _error_text(row: _Row) -> str:
    problem = row.state.problem
    if problem is None:
        return ""
    error = user_error(problem)
    return " ".join(part for part in (error.sentence, error.action, error.detail) if part)


_READERS: Dict[int, Callable[[_Row], Any]] = {
    int(Qt.ItemDataRole.DisplayRole): lambda row: row.title,
    int(Qt.ItemDataRole.ToolTipRole): lambda row: _error_text(row) or translated(row.state.message),
    JobList.ID_ROLE: lambda row: row.state.id,
    JobList.TITLE_ROLE: lambda row: row.title,
    JobList.STATUS_ROLE: lambda row: row.state.status,
    JobList.PROGRESS_ROLE: lambda row: row.state.progress,
    JobList.MESSAGE_ROLE: lambda row: row.state.message,
    JobList.REMAINING_ROLE: lambda row: row.state.remaining_s,
    JobList.ERROR_ROLE: _error_text,
}
