"""A run's files from a backend on another machine into this one's data folder, one after another."""

from __future__ import annotations

from typing import Callable, List, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobState, ResultFile
from ...backend.protocol.problem import Problem
from ..client.client import Client, Pending
from ..client.result_name import inside
from ..server.paths import data_folder


class Fetching(QObject):
    """`done(folder)` fires when all files are here; `failed` is called with what went wrong."""

    done = pyqtSignal(object)

    def __init__(self, client: Client, state: JobState, failed: Callable[[Problem], None], parent: QObject) -> None:
        super().__init__(parent)
        self._client, self._id, self._failed = client, state.id, failed
        self._left: List[ResultFile] = list(state.results)
        self._folder = data_folder() / "runs" / state.id
        self._pending: Optional[Pending] = None

    def start(self) -> None:
        """Begin."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._next()

    def abort(self) -> None:
        """Stop; nobody is told."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.abort()

    def _next(self) -> None:
        if not self._left:
            self._pending = None
            self.done.emit(self._folder)
            return
        file = self._left.pop(0)
        target = self._folder.joinpath(*inside(file.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        self._pending = self._client.fetch(self._id, file, target, lambda _: self._next(), self._failed)
