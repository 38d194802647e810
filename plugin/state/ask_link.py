"""One file of embeddings open at whatever backend there is; opened again when the backend was replaced."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Callable, Optional, TypeVar

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol import codes
from ...backend.protocol.asks import AskInfo, AskRequest
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..client import asks
from ..client.calls import Call
from ..client.client import Client, Pending, ignore
from ..client.failures import TRANSPORT
from .connection import Connection
from .source_upload import SourceUpload

GONE = (codes.SESSION_GONE, codes.NOT_FOUND, codes.SOURCE_CHANGED)
"""What the backend says of embeddings that it has closed, or whose file is another one by now."""

T = TypeVar("T")


class AskState(Enum):
    """Where the embeddings stand. `WAITING`: there is no backend yet."""

    CLOSED = "closed"
    WAITING = "waiting"
    OPENING = "opening"
    READY = "ready"
    FAILED = "failed"


class AskLink(QObject):
    """`changed` fires with the state; `problem` says why it is FAILED."""

    changed = pyqtSignal()

    def __init__(self, connection: Connection, parent: QObject) -> None:
        super().__init__(parent)
        self.state = AskState.CLOSED
        self.info: Optional[AskInfo] = None
        self.request: Optional[AskRequest] = None
        self.problem: Optional[Problem] = None
        self._connection = connection
        self._client: Optional[Client] = connection.client if connection.ready else None
        self._opening: Optional[Pending] = None
        self._reopened = False
        self._upload = SourceUpload()
        connection.changed.connect(self._on_connection)

    def open(self, path: str, name: str, device: str) -> None:
        """Open a file of this machine in place of the one before."""
        self.close()
        self.request = AskRequest(Source(path=path, name=name), device)
        self._reopened = False
        self.reopen()

    def reopen(self) -> None:
        """Open the same file again, now or as soon as there is a backend."""
        self._drop()
        if self.request is None:
            return
        if self._client is None:
            self._set(AskState.WAITING)
            return
        self._set(AskState.OPENING)
        if self._client.endpoint.loopback:
            self._ask_for(self._client, self.request)
        else:
            self._open_there(self._client, self.request)

    def close(self) -> None:
        """Free the embeddings and what was sent for them."""
        self._drop()
        self.request = None
        self._upload.release()
        self._set(AskState.CLOSED)

    def lend(self) -> Source:
        """Return the open file for a job: as it lies at a backend on another machine, where it is there already.

        What lies there stays until the job gives it back, also when other embeddings are opened meanwhile.
        """
        if self.request is None:
            raise RuntimeError("no embeddings are open")
        source = self.request.source
        upload = self._upload.lend(source.path, self._client) if self._client is not None else ""
        return replace(source, path="", upload=upload) if upload else source

    def give_back(self, source: Source) -> None:
        """Take back what `lend` returned."""
        if source.upload:
            self._upload.give_back(source.upload)

    def ask(
        self, call: Callable[[str], Call[T]], done: Callable[[T], None], failed: Callable[[Problem], None]
    ) -> Optional[Pending]:
        """Send a question; `call` makes it from the id. None where nothing is open, then nobody is called."""
        if self.info is None or self._client is None:
            return None

        def answered(answer: T) -> None:
            self._reopened = False
            done(answer)

        def refused(problem: Problem) -> None:
            if problem.code in GONE and not self._reopened:
                self._reopened = True
                self.reopen()
            failed(problem)

        return self._client.send(call(self.info.id), answered, refused)

    def _on_connection(self) -> None:
        client = self._connection.client if self._connection.ready else None
        if client is not self._client:
            self._client = client
            self._opening, self.info = None, None  # both were the old backend's
            self.reopen()

    def _open_there(self, client: Client, request: AskRequest) -> None:
        path = request.source.path

        def sent(upload: str) -> None:
            self._ask_for(client, replace(request, source=replace(request.source, path="", upload=upload)))

        self._opening = self._upload.send(path, client, sent, self._on_problem)

    def _ask_for(self, client: Client, request: AskRequest) -> None:
        self._opening = client.send(asks.open_ask(request), self._on_opened, self._on_problem)

    def _on_opened(self, info: AskInfo) -> None:
        self._opening, self.info = None, info
        self._set(AskState.READY)

    def _on_problem(self, problem: Problem) -> None:
        self._opening = None
        if problem.code in TRANSPORT:
            self._set(AskState.WAITING)  # a backend that ended is started again, and opens it
        else:
            self._set(AskState.FAILED, problem)

    def _drop(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.abort()
        info, self.info = self.info, None
        if info is not None and self._client is not None:
            self._client.send(asks.close_ask(info.id), ignore, ignore)

    def _set(self, state: AskState, problem: Optional[Problem] = None) -> None:
        self.state, self.problem = state, problem
        self.changed.emit()
