"""One source open for clicks at whatever backend there is; opened again when the backend was replaced.

A few sources that were left stay open beside it, so that coming back to a layer costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Callable, Dict, Optional

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ...backend.protocol.prompts import Point
from ...backend.protocol.sessions import PredictRequest, PredictResponse, SessionInfo, SessionRequest
from ...backend.protocol.source import Source
from ..client import calls
from ..client.client import Client, Pending, ignore
from ..client.failures import CONNECTION_LOST, CONNECTION_REFUSED
from ..errors import UserError, user_error
from .connection import Connection
from .connection import State as ConnectionState
from .source_upload import SourceUpload

RESTART_MS = 3000
"""How long a lost connection to a process of ours may take to turn out to be the end of that process."""
KEPT = 3
"""Sessions that stay open beside the current one; the backend has a limit of its own."""
UPLOAD_GONE = (codes.SOURCE_MISSING, codes.NOT_FOUND)
"""What a backend that was started again says of an upload it had before."""
ENDED = (ConnectionState.FAILED, ConnectionState.BROKEN, ConnectionState.NOT_INSTALLED)


class SessionState(Enum):
    """Where a session stands."""

    CLOSED = "closed"
    OPENING = "opening"
    READY = "ready"
    FAILED = "failed"


class SessionLink(QObject):
    """`changed` fires with the state; `masks_lost` when a new session replaced the one before; `failed` with why."""

    changed = pyqtSignal()
    masks_lost = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, connection: Connection, parent: QObject) -> None:
        super().__init__(parent)
        self.state = SessionState.CLOSED
        self.request: Optional[SessionRequest] = None
        self.info: Optional[SessionInfo] = None
        self._connection = connection
        self._client: Optional[Client] = connection.client if connection.ready else None
        self._opening: Optional[Pending] = None
        self._keep = False
        self._kept: Dict[SessionRequest, SessionInfo] = {}
        self._upload = SourceUpload()
        self._lost: Optional[Problem] = None
        self._restart = QTimer(self)
        self._restart.setSingleShot(True)
        self._restart.timeout.connect(self._on_not_restarted)
        connection.changed.connect(self._on_connection)

    def open(self, source: Source, model: str, device: str, keep: bool = False) -> None:
        """Open a source in place of the one before; starts the backend where it does not run.

        `keep`: it stays open when another takes its place (not for files that are deleted behind it).
        """
        self.leave()
        self._upload.release(but=source.path)
        self.request = SessionRequest(source, model, device=device)
        self._keep = keep
        info = self._kept.pop(self.request, None)
        if info is None:
            self.reopen()
        else:
            self._on_opened(info)

    def reopen(self) -> None:
        """Open the same source again, now or as soon as there is a backend."""
        if self.request is None:
            return
        self._wait()
        if self._client is None:
            self._connection.start()
            return
        if self._client.endpoint.loopback:
            self._opening = self._client.send(calls.open_session(self.request), self._on_opened, self._on_failed)
        else:
            self._open_there(self._client, self.request)

    def leave(self) -> None:
        """Turn away from the source: it stays open for a return where that was asked for, else it is freed."""
        local = self._client is not None and self._client.endpoint.loopback
        if self._keep and local and self.request is not None and self.info is not None:
            self._kept[self.request] = self.info
            self.info = None
            self.masks_lost.emit()
        self._end()
        for oldest in list(self._kept)[: max(0, len(self._kept) - KEPT)]:
            self._free(self._kept.pop(oldest))

    def free_others(self) -> None:
        """Free the sources that were left."""
        for info in self._kept.values():
            self._free(info)
        self._kept.clear()

    def close(self) -> None:
        """Free the session, those that were left, and what was sent for it."""
        self._end()
        self.free_others()
        self._upload.release()

    def _end(self) -> None:
        if self.info is not None:
            self._free(self.info)
        self._drop()
        self.request = None
        self._set(SessionState.CLOSED)

    def _free(self, info: SessionInfo) -> None:
        if self._client is not None:
            self._client.send(calls.close_session(info.id), ignore, ignore)

    def predict(
        self, request: PredictRequest, done: Callable[[PredictResponse], None], failed: Callable[[Problem], None]
    ) -> Pending:
        """Send a prediction; only while READY."""
        if self.info is None or self._client is None:
            raise RuntimeError("no session is open")
        return self._client.send(calls.predict(self.info.id, request), done, failed)

    def focus(self, point: Point) -> None:
        """Ask for the place to be encoded ahead of a click."""
        if self.info is not None and self._client is not None:
            self._client.send(calls.focus(self.info.id, point), ignore, ignore)

    def wait_for_restart(self, problem: Problem) -> bool:
        """Return whether a failed call is taken care of: the process seems to have ended and will be replaced.

        Where it was not replaced a moment later, the session has failed.
        """
        local = self._client is not None and self._client.endpoint.loopback
        if not local or problem.code not in (CONNECTION_LOST, CONNECTION_REFUSED):
            return False
        self._wait()
        self._lost = problem
        self._restart.start(RESTART_MS)
        return True

    def fail(self, error: UserError) -> None:
        """Give the session up until `reopen`."""
        self._drop()
        self._set(SessionState.FAILED)
        self.failed.emit(error)

    def _on_connection(self) -> None:
        client = self._connection.client if self._connection.ready else None
        replaced, self._client = client is not self._client, client
        if replaced:
            self._kept.clear()
        if self.request is None:
            return
        if replaced:
            self.reopen() if client is not None else self._wait()
        if self._connection.state is ConnectionState.STOPPED:
            self._set(SessionState.FAILED)
        elif self.state is SessionState.OPENING and self._connection.state in ENDED and self._connection.error:
            self.fail(self._connection.error)

    def _open_there(self, client: Client, request: SessionRequest) -> None:
        """Open at a backend on another machine, which gets the pixels first where it does not have them."""
        path = request.source.path

        def open_with(upload: str, failed: Callable[[Problem], None]) -> None:
            source = replace(request.source, path="", upload=upload)
            self._opening = client.send(calls.open_session(replace(request, source=source)), self._on_opened, failed)

        def send() -> None:
            self._opening = self._upload.send(
                path, client, lambda upload: open_with(upload, self._on_failed), self._on_failed
            )

        def refused(problem: Problem) -> None:
            if problem.code not in UPLOAD_GONE:
                self._on_failed(problem)
                return
            self._upload.forget()
            send()

        kept = self._upload.kept(path, client)
        if kept:
            open_with(kept, refused)
        else:
            send()

    def _wait(self) -> None:
        self._drop()
        self._set(SessionState.OPENING)

    def _on_not_restarted(self) -> None:
        if self._lost is not None:
            self.fail(user_error(self._lost))

    def _on_opened(self, info: SessionInfo) -> None:
        self._opening = None
        self.info = info
        self._set(SessionState.READY)

    def _on_failed(self, problem: Problem) -> None:
        self._opening = None
        if not self.wait_for_restart(problem):
            self.fail(user_error(problem))

    def _drop(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.abort()
        self._restart.stop()
        if self.info is not None:
            self.info = None
            self.masks_lost.emit()

    def _set(self, state: SessionState) -> None:
        self.state = state
        self.changed.emit()
