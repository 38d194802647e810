"""The client over QtNetwork."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional, Set, TypeVar

from qgis.PyQt.QtCore import QFile, QIODevice, QObject
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...backend.protocol.jobs import ResultFile
from . import calls
from .calls import Call
from .client import Client, Failed, Pending, Progress
from .download import Download
from .endpoint import Endpoint
from .event_feed import EventFeed
from .exchange import Exchange, FailedSoon
from .failures import FILE_UNREADABLE, failure
from .requests import close_after, make_manager, make_request

T = TypeVar("T")


class HttpClient(Client):
    """Calls on one manager, events on another. Lives on the main thread."""

    def __init__(self, endpoint: Endpoint, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.endpoint = endpoint
        self._manager = make_manager(endpoint, self)
        self._live: Set[Exchange] = set()
        self._feed = EventFeed(endpoint, self)
        self._feed.happened.connect(self.happened)
        self._feed.streaming.connect(self.streaming)

    def send(self, call: Call[T], done: Callable[[T], None], failed: Failed) -> Pending:
        """Send a call."""
        request = make_request(self.endpoint, call.path, call.headers, call.timeout_s)
        reply = self._start(call.method, request, call.body)

        def finish(status: int, body: bytes) -> None:
            said = bytes(reply.rawHeader(call.header.encode())) if call.header else b""
            done(calls.read(call, status, body, said))

        return self._exchange(reply, finish, failed)

    def upload(self, path: Path, done: Callable[[str], None], failed: Failed, progress: Progress) -> Pending:
        """Send a file's bytes; they are read from the disk as the network takes them."""
        file = QFile(str(path))
        if not file.open(QIODevice.OpenModeFlag.ReadOnly):
            problem = failure(FILE_UNREADABLE, f"{path.name} cannot be read: {file.errorString()}.")
            return FailedSoon(self, problem, failed)
        call = calls.upload(path.name)
        request = make_request(self.endpoint, call.path, call.headers, call.timeout_s)
        close_after(request)
        reply = self._manager.post(request, file)
        file.setParent(reply)
        reply.uploadProgress.connect(progress)
        return self._exchange(reply, lambda status, body: done(calls.read(call, status, body).id), failed)

    def fetch(
        self, job_id: str, file: ResultFile, target: Path, done: Callable[[Path], None], failed: Failed
    ) -> Pending:
        """Bring a result file here."""
        call = calls.result_file(job_id, file.name)
        reply = self._manager.get(make_request(self.endpoint, call.path, call.headers, call.timeout_s))
        download = Download(reply, file, target)
        return self._exchange(reply, lambda status, body: done(download.finish(status, body)), failed)

    def listen(self) -> None:
        """Keep the events flowing."""
        self._feed.start()

    def close(self) -> None:
        """Abort everything under way."""
        self._feed.stop()
        for exchange in list(self._live):
            exchange.abort()

    def _start(self, method: str, request: QNetworkRequest, body: bytes) -> QNetworkReply:
        if method == "GET":
            return self._manager.get(request)
        close_after(request)
        if method == "DELETE":
            return self._manager.deleteResource(request)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        return self._manager.post(request, body)

    def _exchange(self, reply: QNetworkReply, finish: Callable[[int, bytes], None], failed: Failed) -> Exchange:
        return Exchange(reply, finish, failed, self._live)
