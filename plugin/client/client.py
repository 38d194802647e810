"""What the rest of the plugin knows of a backend: send a call, be told later. `http_client` is the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Protocol, TypeVar

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import ResultFile
from ...backend.protocol.problem import Problem
from .calls import Call
from .endpoint import Endpoint

T = TypeVar("T")
Failed = Callable[[Problem], None]
Progress = Callable[[int, int], None]


class Pending(Protocol):
    """A call under way."""

    def abort(self) -> None:
        """Give the call up; none of its callbacks is called any more."""


class Client(QObject):
    """A backend at one address. Exactly one of `done` and `failed` is called, later, on the main thread.

    `happened` carries `protocol.jobs.Event`s once `listen` was called; `streaming` says whether they flow. After a
    gap, events may be missing: ask for the state of jobs again.
    """

    happened = pyqtSignal(object)
    streaming = pyqtSignal(bool)
    endpoint: Endpoint

    def send(self, call: Call[T], done: Callable[[T], None], failed: Failed) -> Pending:
        """Send a call."""
        raise NotImplementedError

    def upload(self, path: Path, done: Callable[[str], None], failed: Failed, progress: Progress) -> Pending:
        """Send a file's bytes to a backend on another machine; `done` gets the id for `Source.upload`."""
        raise NotImplementedError

    def fetch(
        self, job_id: str, file: ResultFile, target: Path, done: Callable[[Path], None], failed: Failed
    ) -> Pending:
        """Bring a job's result file here; `target` appears whole or not at all."""
        raise NotImplementedError

    def listen(self) -> None:
        """Keep the events flowing, through interruptions, until `close`."""
        raise NotImplementedError

    def close(self) -> None:
        """Abort everything under way. No callback or signal comes after it."""
        raise NotImplementedError


def ignore(_: object) -> None:
    """Stand in as a callback where the answer does not matter."""
