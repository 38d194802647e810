"""One request under way on QtNetwork, and its three ends: an answer, a transport failure, or given up."""

from __future__ import annotations

from typing import Callable, Set

from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtNetwork import QNetworkReply

from ...backend.protocol.problem import Problem
from .failures import ClientError
from .requests import status, transport_problem

Finish = Callable[[int, bytes], None]


class Exchange:
    """Calls `finish(status, body)` when the server answered and `failed(problem)` otherwise; nothing after `abort`.

    `finish` may raise `ClientError`, which then ends in `failed` too.
    """

    def __init__(
        self, reply: QNetworkReply, finish: Finish, failed: Callable[[Problem], None], live: Set[Exchange]
    ) -> None:
        self._reply = reply
        self._finish, self._failed = finish, failed
        self._live = live
        self._tls_errors = ""
        live.add(self)
        reply.sslErrors.connect(self._on_tls_errors)
        reply.finished.connect(self._on_finished)

    def abort(self) -> None:
        """Give up."""
        if self in self._live:
            self._live.discard(self)
            self._reply.abort()

    def _on_tls_errors(self, errors) -> None:
        self._tls_errors = "; ".join(error.errorString() for error in errors)

    def _on_finished(self) -> None:
        self._reply.deleteLater()
        if self not in self._live:
            return
        self._live.discard(self)
        problem = transport_problem(self._reply, self._tls_errors)
        if problem is not None:
            self._failed(problem)
            return
        try:
            self._finish(status(self._reply), bytes(self._reply.readAll()))
        except ClientError as error:
            self._failed(error.problem)


class FailedSoon:
    """A call that failed before it was sent; the caller hears of it later, as of any other."""

    def __init__(self, parent: QObject, problem: Problem, failed: Callable[[Problem], None]) -> None:
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: failed(problem))
        self._timer.timeout.connect(self._timer.deleteLater)
        self._timer.start(0)

    def abort(self) -> None:
        """Say nothing."""
        self._timer.stop()
