"""One job about open embeddings at a time: started by one of the page's buttons, its layers join the embeddings'."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobRequest, JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..errors import told_error
from ..gis.refused import Refused
from ..gui import labels
from ..gui.job_row import JobRow
from ..settings import DEVICE, EMBED_FOLDER, Settings
from ..state.ask_link import AskLink, AskState
from ..state.backend import Backend
from ..state.job_run import Errand, JobRun
from ..state.keeping import check_folder

Arrived = Callable[[JobState, Path], str]
"""Shows what a job left in a folder and returns what is to be said of it. Raises Refused."""


class VectorJob(QObject):
    """The job of one button. `notice(str)` and `failed(UserError)` are for the person."""

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(self, row: JobRow, link: AskLink, backend: Backend, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._row, self._link, self._backend, self._settings = row, link, backend, settings
        self._run: Optional[JobRun] = None
        self._source: Optional[Source] = None
        row.cancel_asked.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Return whether the job goes on."""
        return self._run is not None

    def show_backend(self, task: str) -> None:
        """Say why the button cannot be used now, or that it can."""
        connection = self._backend.connection
        tasks = connection.capabilities.tasks if connection.capabilities else ()
        if self._link.state is not AskState.READY:
            sentence = self.tr("Open embeddings first.")
        elif not any(one.id == task for one in tasks):
            sentence = self.tr("This backend cannot do this; update it on the Setup page.")
        else:
            sentence = ""
        self._row.set_unavailable(sentence)

    def start(self, task: str, title: str, values: Dict[str, Any], others: Dict[str, Source], arrived: Arrived) -> None:
        """Start the task on the open embeddings.

        Raises:
            Refused: nothing can be written into the folder that takes results.
        """
        if self._run is not None:
            return
        folder = self._settings.get(EMBED_FOLDER)
        if folder:
            check_folder(Path(folder))
        self._source = self._link.lend()
        request = JobRequest(
            task, source=self._source, others=others, parameters=values, device=self._settings.get(DEVICE)
        )
        errand = Errand(request, title, Path(folder) if folder else None)
        run = self._run = JobRun(errand, self._backend.jobs, self._backend.connection, self)
        run.progressed.connect(self._row.follow)
        run.moving.connect(self._row.forbid_cancelling)
        run.noticed.connect(self.notice)
        run.succeeded.connect(lambda state, found: self._on_success(state, found, arrived))
        run.failed.connect(self._on_failure)
        run.cancelled.connect(lambda: self._end(self.tr("Cancelled.")))
        self._row.set_progress(-1)
        self._row.set_status("")
        run.start()

    def cancel(self) -> None:
        """Stop."""
        if self._run is not None:
            self._row.set_status(labels.text("Cancelling"))
            self._run.cancel()

    def close(self) -> None:
        """Stop without a word."""
        if self._run is not None:
            self._run.close()
            self._give_back()

    def _on_success(self, state: JobState, folder: Path, arrived: Arrived) -> None:
        try:
            said = arrived(state, folder)
        except Refused as error:
            said = str(error)
        self._end(" ".join([said, *(labels.text(notice) for notice in state.notices)]).strip())

    def _on_failure(self, problem: Problem) -> None:
        error = told_error(problem)
        self._end(error.line)
        self.failed.emit(error)

    def _end(self, sentence: str) -> None:
        self._run = None
        self._give_back()
        self._row.set_progress(None)
        self._row.set_status(sentence)

    def _give_back(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            self._link.give_back(source)
