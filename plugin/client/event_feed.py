"""`GET /events` kept open: reconnects with `Last-Event-ID`, waits longer after each failure, notices silence."""

from __future__ import annotations

import logging
from typing import Optional

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkReply

from .endpoint import Endpoint
from .event_stream import EventStream, Message, read_event
from .requests import make_manager, make_request, status

FIRST_WAIT_MS, LONGEST_WAIT_MS = 250, 8000
SILENCE_MS = 30_000
"""The backend sends a comment every ten seconds; three missing ones mean that nobody is there."""

_log = logging.getLogger("toposcope")


class EventFeed(QObject):
    """One stream on a manager of its own, because streams and calls would share six connections otherwise."""

    happened = pyqtSignal(object)
    streaming = pyqtSignal(bool)

    def __init__(self, endpoint: Endpoint, parent: QObject) -> None:
        super().__init__(parent)
        self._endpoint = endpoint
        self._manager = make_manager(endpoint, self)
        self._reply: Optional[QNetworkReply] = None
        self._up = False
        self._last_id = ""
        self._stream = EventStream()
        self._wait_ms = FIRST_WAIT_MS
        self._retry = self._timer(self._connect)
        self._silence = self._timer(self._hang_up)

    def start(self) -> None:
        """Open the stream."""
        self._connect()

    def stop(self) -> None:
        """Close the stream for good; no signal comes after it."""
        self._retry.stop()
        self._silence.stop()
        self.blockSignals(True)
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.abort()

    def _timer(self, slot) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if self._last_id:
            headers["Last-Event-ID"] = self._last_id
        self._stream = EventStream(self._last_id)
        self._reply = self._manager.get(make_request(self._endpoint, "/events", headers, 0))
        self._reply.readyRead.connect(self._on_bytes)
        self._reply.finished.connect(self._on_finished)
        self._silence.start(SILENCE_MS)

    def _hang_up(self) -> None:
        if self._reply is not None:
            self._reply.abort()

    def _on_bytes(self) -> None:
        if self._reply is None or status(self._reply) != 200:
            return
        self._silence.start(SILENCE_MS)
        self._wait_ms = FIRST_WAIT_MS
        self._set_up(True)
        for message in self._stream.feed(bytes(self._reply.readAll())):
            self._last_id = message.last_id
            self._dispatch(message)

    def _dispatch(self, message: Message) -> None:
        try:
            event = read_event(message)
        except ValueError as error:
            _log.warning("An event of the backend cannot be read: %s", error)
            return
        self.happened.emit(event)

    def _on_finished(self) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        reply.deleteLater()
        self._silence.stop()
        self._set_up(False)
        self._retry.start(self._wait_ms)
        self._wait_ms = min(2 * self._wait_ms, LONGEST_WAIT_MS)

    def _set_up(self, up: bool) -> None:
        if up != self._up:
            self._up = up
            self.streaming.emit(up)
