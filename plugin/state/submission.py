"""A job about an image layer: what has no file of its own is drawn first, then the job runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Optional

from qgis.core import QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobRequest
from ...backend.protocol.source import Source
from ..gis.area_render import AreaRender
from ..gis.kinds import Kind, kind_of
from ..gis.source import source_of
from .connection import Connection
from .job_run import Errand, JobRun
from .jobs import JobList


@dataclass(frozen=True)
class ImageTask:
    """What is done with an image. `request` has no source yet; `chosen` applies bands and stretch to it.

    `bounds` are those of the area in the image's CRS as QGIS shows it, None for all of it.
    `into` is the folder that takes the results, None for Toposcope's own.
    `image` may go while the job goes on: by then its id and `pixel` (`Frame.pixel`) are what counts. It is None for
    what needs none.
    """

    image: Optional[QgsRasterLayer]
    image_id: str
    pixel: bool
    bounds: Optional[QgsRectangle]
    units_per_pixel: float
    request: JobRequest
    title: str
    chosen: Callable[[Source], Source]
    into: Optional[Path] = None


class Submission(QObject):
    """Ends with exactly one of `succeeded(JobState, folder)`, `failed(Problem)`, `refused(str)` and `cancelled()`.

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

    def __init__(self, task: ImageTask, jobs: JobList, connection: Connection, scratch: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.task = task
        self._jobs, self._connection, self._scratch = jobs, connection, scratch
        self._drawn = ""
        self._render: Optional[AreaRender] = None
        self._run: Optional[JobRun] = None

    def start(self) -> None:
        """Begin.

        Raises:
            Refused: the layer or the area cannot be used; nothing was begun.
        """
        task = self.task
        if task.image is None:
            self._submit(None)
        elif kind_of(task.image) is Kind.RENDERED:
            area = task.bounds or task.image.extent()
            self._render = AreaRender(
                task.image, area, task.units_per_pixel, self._scratch, self._on_drawn, self._refuse, self
            )
        else:
            self._submit(task.chosen(source_of(task.image)))

    def cancel(self) -> None:
        """Stop; a job that runs is asked to, and `cancelled` follows when it has. Results that move go on moving."""
        if self._run is not None:
            self._run.cancel()
        else:
            self._tidy()
            self.cancelled.emit()
            self.deleteLater()

    def close(self) -> None:
        """Stop without a word."""
        self.blockSignals(True)
        if self._run is not None:
            self._run.close()
        self._tidy()

    def _on_drawn(self, source: Source, notice: str) -> None:
        self._render, self._drawn = None, source.path
        if notice:
            self.noticed.emit(notice)
        self._submit(source)

    def _submit(self, source: Optional[Source]) -> None:
        task = self.task
        errand = Errand(replace(task.request, source=source), task.title, task.into)
        run = self._run = JobRun(errand, self._jobs, self._connection, self)
        for theirs, ours in (
            (run.progressed, self.progressed),
            (run.moving, self.moving),
            (run.noticed, self.noticed),
        ):
            theirs.connect(ours)
        for theirs in (run.succeeded, run.failed, run.cancelled):
            theirs.connect(self._tidy)
        for theirs, ours in (
            (run.succeeded, self.succeeded),
            (run.failed, self.failed),
            (run.cancelled, self.cancelled),
        ):
            theirs.connect(ours)
            theirs.connect(self.deleteLater)
        run.start()

    def _refuse(self, sentence: str) -> None:
        self._tidy()
        self.refused.emit(sentence)
        self.deleteLater()

    def _tidy(self, *_outcome: object) -> None:
        """Let go of what was drawn."""
        if self._render is not None:
            self._render.cancel()
        if self._drawn:
            Path(self._drawn).unlink(missing_ok=True)
