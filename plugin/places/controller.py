"""The Places page's button and what it sets off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional

from qgis.core import QgsApplication, QgsVectorFileWriter, QgsVectorFileWriterTask, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..area_drawing import AreaDrawing
from ..errors import user_error
from ..gis.places_layers import add_places
from ..gis.refused import Refused
from ..gis.score_text import score_lines
from ..gui import labels
from ..gui.places_page import LIKENESS, PREDICTION, TABLE, PlacesPage
from ..gui.why_not import why_not
from ..map_tools.click_input import ClickInput
from ..settings import DEVICE, PLACES_FOLDER, PLACES_MODEL, Settings
from ..state.backend import Backend
from ..state.job_run import Errand, JobRun
from ..state.keeping import check_folder
from .question import TASK, PlacesQuestion, in_degrees, question_of


class PlacesController(QObject):
    """`notice(str)` carries one sentence for the person, `failed(UserError)` what went wrong."""

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: PlacesPage,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._page, self._settings, self._scratch = canvas, page, settings, scratch
        self._backend = backend
        self.drawing, self.clicks = AreaDrawing(canvas, page.area, self), ClickInput(canvas, self)
        self._asked: Optional[PlacesQuestion] = None
        self._run: Optional[JobRun] = None
        self._writing: Optional[QgsVectorFileWriterTask] = None
        self._connect()
        page.set_folder(settings.get(PLACES_FOLDER))
        self.show_backend()

    def show_backend(self) -> None:
        """Follow what the backend offers."""
        catalog = self._backend.catalog
        if catalog.device is not None:
            self._page.model.offer(catalog, TASK, self._settings.get(PLACES_MODEL))
        self._page.bar.set_unavailable(self._why_not())

    def run(self) -> None:
        """Compute what the page says."""
        if self._asked is not None:
            return
        choice = self._page.choice()
        try:
            if choice.folder:
                check_folder(Path(choice.folder))
            self._asked = question_of(choice, self._page.area.choice(), self._canvas, self._settings.get(DEVICE))
        except Refused as error:
            self._page.bar.set_status(str(error))
            return
        self._page.bar.set_progress(-1)
        if choice.question in (TABLE, PREDICTION):
            self._write(choice.points)
        else:
            self._submit()

    def cancel(self) -> None:
        """Stop."""
        if self._run is not None:
            self._page.bar.set_status(labels.text("Cancelling"))
            self._run.cancel()
        elif self._writing is not None:
            self._writing.cancel()

    def release(self) -> None:
        """Leave the map to others: the panel is closed."""
        self.drawing.use(False)
        self.clicks.use(False)

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        if self._run is not None:
            self._run.close()
        if self._writing is not None:
            self._writing.blockSignals(True)
            self._writing.cancel()
        self._end()
        self.drawing.close()
        self.clicks.close()

    def _connect(self) -> None:
        page, clicks = self._page, self.clicks
        page.bar.run_asked.connect(self.run)
        page.bar.cancel_asked.connect(self.cancel)
        page.model.picked.connect(self._on_model)
        page.folder_changed.connect(lambda folder: self._settings.set(PLACES_FOLDER, folder))
        page.pick_toggled.connect(clicks.use)
        clicks.active.connect(page.set_picking)
        clicks.picked.connect(self._on_picked)

    def _why_not(self) -> str:
        start = self.tr("Start the backend to compute with places.")
        lacks = self.tr("This backend cannot compute with places; update it on the Setup page.")
        return why_not(self._backend, TASK, self._page.model, start, lacks)

    def _write(self, layer: QgsVectorLayer) -> None:
        """Write the points to a file that the backend reads, beside the main thread."""
        self._page.bar.set_status(self.tr("Reading the points…"))
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", "points"
        options.layerOptions = ["FID=toposcope_fid"]  # a field of the layer's own may be called fid
        task = self._writing = QgsVectorFileWriterTask(layer, str(self._scratch / "points.gpkg"), options)
        task.completed.connect(lambda path, _layer: self._on_written(Path(path), layer.name()))
        task.errorOccurred.connect(lambda _code, text: self._on_unwritten(text))
        QgsApplication.taskManager().addTask(task)

    def _on_written(self, path: Path, name: str) -> None:
        self._writing = None
        request = replace(self._asked.request, others={"points": Source(path=str(path), name=name)})
        self._asked = replace(self._asked, request=request)
        self._submit()

    def _on_unwritten(self, text: str) -> None:
        self._writing = None
        self._end()
        self._page.bar.set_status(text or self.tr("Cancelled."))

    def _submit(self) -> None:
        folder = self._page.choice().folder
        errand = Errand(self._asked.request, self._asked.title, Path(folder) if folder else None)
        run = self._run = JobRun(errand, self._backend.jobs, self._backend.connection, self)
        run.progressed.connect(self._page.bar.follow)
        run.moving.connect(self._page.bar.forbid_cancelling)
        run.noticed.connect(self._say)
        run.succeeded.connect(self._on_success)
        run.failed.connect(self._on_failure)
        run.cancelled.connect(self._on_cancelled)
        run.start()

    def _on_success(self, state: JobState, folder: Path) -> None:
        asked = self._asked
        self._end()
        record = next(folder.glob("*run.json"), None)
        said = [*(labels.text(notice) for notice in state.notices), *score_lines(record)]
        try:
            layer = add_places(folder, asked.title, asked.question == LIKENESS, said)
        except Refused as error:
            self._say(str(error))
            return
        if layer is None or asked.question != LIKENESS:
            said.append(self.tr("The results are in “{folder}”.").format(folder=folder))
        self._page.bar.set_status("\n".join(said) or self.tr("Done."))

    def _on_failure(self, problem: Problem) -> None:
        error = user_error(problem)
        self._end()
        self._page.bar.set_status(" ".join(part for part in (error.sentence, error.detail) if part))
        self.failed.emit(error)

    def _on_cancelled(self) -> None:
        self._end()
        self._page.bar.set_status(self.tr("Cancelled."))

    def _end(self) -> None:
        self._asked = self._run = None
        self._page.bar.set_progress(None)

    def _on_model(self, model: str) -> None:
        self._settings.set(PLACES_MODEL, model)
        self._page.bar.set_unavailable(self._why_not())

    def _on_picked(self, at: object) -> None:
        try:
            self._page.set_place(in_degrees(at, self._canvas))
        except Refused as error:
            self._page.bar.set_status(str(error))
            return
        if self._page.choice().question == LIKENESS and not self._why_not():
            self.run()

    def _say(self, sentence: str) -> None:
        self._page.bar.set_status(sentence)
        self.notice.emit(sentence)
