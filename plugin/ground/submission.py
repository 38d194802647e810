"""One search from the button to the files: pixels are drawn or sent where needed, then the job runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Optional

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import FINAL, SUCCESSFUL, JobRequest, JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..client import calls
from ..client.client import Client, Pending, ignore
from ..errors import UserError
from ..gis.area_render import AreaRender
from ..gis.kinds import Kind, kind_of
from ..gis.source import source_of
from ..state.background import Background
from ..state.connection import Connection
from ..state.jobs import JobList
from .area import Area
from .failures import ground_error
from .fetching import Fetching
from .keeping import keep


@dataclass(frozen=True)
class Search:
    """What is searched and for what. `request` has no source yet; `chosen` applies bands and stretch to it.

    `into` is the folder that takes the results, None for Toposcope's own.
    `image` may go while the search goes on: by then its id and `pixel` (`Frame.pixel`) are what counts.
    """

    image: QgsRasterLayer
    image_id: str
    pixel: bool
    area: Area
    units_per_pixel: float
    request: JobRequest
    title: str
    chosen: Callable[[Source], Source]
    into: Optional[Path] = None


class Submission(QObject):
    """Ends with exactly one of `succeeded(JobState, folder)`, `failed(UserError)`, `refused(str)` and `cancelled()`.

    Before that `progressed(JobState)` follows the job, `moving()` says that its results are on their way, and
    `noticed(str)` tells of pixels that did not arrive, or of results that could not be moved.
    """

    progressed = pyqtSignal(object)
    moving = pyqtSignal()
    noticed = pyqtSignal(str)
    succeeded = pyqtSignal(object, object)
    failed = pyqtSignal(object)
    refused = pyqtSignal(str)
    cancelled = pyqtSignal()

    def __init__(self, search: Search, jobs: JobList, connection: Connection, scratch: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.search = search
        self._jobs, self._connection, self._scratch = jobs, connection, scratch
        self._key, self._upload, self._drawn = "", "", ""
        self._over = self._moving = False
        self._render: Optional[AreaRender] = None
        self._sending: Optional[Pending] = None
        self._fetching: Optional[Fetching] = None
        jobs.dataChanged.connect(self._on_jobs)
        jobs.finished.connect(self._on_finished)

    def start(self) -> None:
        """Begin.

        Raises:
            Refused: the layer or the area cannot be used; nothing was begun.
        """
        search = self.search
        if kind_of(search.image) is Kind.RENDERED:
            area = search.area.bounds or search.image.extent()
            self._render = AreaRender(
                search.image, area, search.units_per_pixel, self._scratch, self._on_drawn, self._refuse, self
            )
        else:
            self._bring(search.chosen(source_of(search.image)))

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

    def _on_drawn(self, source: Source, notice: str) -> None:
        self._render, self._drawn = None, source.path
        if notice:
            self.noticed.emit(notice)
        self._bring(source)

    def _bring(self, source: Source) -> None:
        """Send the pixels to a backend on another machine; one on this machine reads the file."""
        client = self._connection.client if self._connection.ready else None
        if client is None or client.endpoint.loopback:
            self._submit(source)
            return

        def sent(upload: str) -> None:
            self._sending, self._upload = None, upload
            self._submit(replace(source, path="", upload=upload))

        self._sending = client.upload(Path(source.path), sent, self._on_problem, lambda _done, _total: None)

    def _submit(self, source: Source) -> None:
        self._key = self._jobs.submit(replace(self.search.request, source=source), self.search.title)
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
        into, title = self.search.into, self.search.title
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

    def _refuse(self, sentence: str) -> None:
        self._end(lambda: self.refused.emit(sentence))

    def _on_problem(self, problem: Problem) -> None:
        error: UserError = ground_error(problem)
        self._end(lambda: self.failed.emit(error))

    def _end(self, tell: Callable[[], None]) -> None:
        if self._over:
            return
        self._over = True
        self._tidy()
        tell()
        self.deleteLater()

    def _tidy(self) -> None:
        """Let go of what was drawn, sent or is on its way."""
        if self._render is not None:
            self._render.cancel()
        for pending in (self._sending, self._fetching):
            if pending is not None:
                pending.abort()
        if self._upload and self._connection.client is not None:
            self._connection.client.send(calls.remove_upload(self._upload), ignore, ignore)
        if self._drawn:
            Path(self._drawn).unlink(missing_ok=True)
