"""The Ground page's button and what it sets off; results are `ResultsController`'s."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsFeature, QgsMapLayer, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobState
from ...backend.protocol.problem import Problem
from ..area_drawing import AreaDrawing
from ..gis.ground_layers import RunMark
from ..gis.partial_layer import PartialLayer
from ..gis.refused import Refused
from ..gui import labels
from ..gui.ground_page import GroundPage
from ..gui.why_not import why_not
from ..map_tools.click_input import ClickInput
from ..phrases import join
from ..settings import DEVICE, GROUND, GROUND_MODEL, PHRASES, RESULTS_FOLDER, Settings
from ..state.backend import Backend
from ..state.submission import Submission
from .asked import TASK, search_of
from .failures import ground_error
from .places import bounds_on_map
from .results import ResultsController

DENSE = "remove_bias"
"""A parameter of models that answer for every place; detectors, which find things alone, do not have it."""
REMEMBERED = 30
"""Lines of phrases kept."""


class GroundController(QObject):
    """`notice(str)` carries one sentence for the person, `failed(UserError)` what went wrong.

    `refine_asked(image, layer, feature id, rectangle of the map)` hands an object over to the segment tool.
    """

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)
    refine_asked = pyqtSignal(object, object, object, object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: GroundPage,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._page, self._settings, self._scratch = canvas, page, settings, scratch
        self._backend = backend
        self._connection, self._jobs, self._catalog = backend.connection, backend.jobs, backend.catalog
        self.area, self.example = (AreaDrawing(canvas, picker, self) for picker in (page.area, page.example))
        self.clicks = ClickInput(canvas, self)
        self.results = ResultsController(canvas, page.results, self)
        self._submission: Optional[Submission] = None
        self._partial: Optional[PartialLayer] = None
        self._connect()
        page.phrases.set_history(settings.get(PHRASES))
        page.options.set_layer(page.source.currentLayer())
        page.options.set_device(settings.get(DEVICE))
        page.set_folder(settings.get(RESULTS_FOLDER))
        self.show_backend()

    def show_backend(self) -> None:
        """Follow what the backend offers: models and parameters, or in one sentence why there is nothing."""
        page, catalog = self._page, self._catalog
        if catalog.device is not None:
            page.model.offer(catalog, TASK, self._settings.get(GROUND_MODEL))
            page.outliner.set_models(catalog.models("segment"))
            self._show_parameters()
        page.set_unavailable(self._why_not())

    def release(self) -> None:
        """Leave the map to others: the panel is closed."""
        for part in (self.area, self.example, self.clicks):
            part.use(False)

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        if self._submission is not None:
            self._submission.close()
        self._end()
        for part in (self.area, self.example, self.clicks):
            part.close()

    def run(self) -> None:
        """Search with what the page says."""
        if self._submission is not None:
            return
        try:
            search = search_of(self._page, self._canvas, self._settings.get(DEVICE))
            submission = Submission(search, self._jobs, self._connection, self._scratch, self)
            self._follow(submission)
            submission.start()
        except Refused as error:
            self._end()
            self._page.set_status(str(error))
            return
        self._remember()

    def cancel(self) -> None:
        """Stop the search; what is finished of it is kept for the next one like it."""
        if self._submission is not None:
            self._page.set_status(labels.text("Cancelling"))
            self._submission.cancel()

    def _connect(self) -> None:
        page, clicks = self._page, self.clicks
        page.run_asked.connect(self.run)
        page.cancel_asked.connect(self.cancel)
        page.source_changed.connect(self._on_layer)
        page.model.picked.connect(self._on_model)
        page.parameters_changed.connect(self._on_parameters)
        page.folder_changed.connect(lambda folder: self._settings.set(RESULTS_FOLDER, folder))
        page.options.device_changed.connect(lambda device: self._settings.set(DEVICE, device))
        page.results.pick_toggled.connect(clicks.use)
        clicks.active.connect(page.results.set_picking)
        clicks.picked.connect(self.results.pick_at)
        self.results.notice.connect(self._say)
        self.results.refine_asked.connect(self._on_refine)

    def _why_not(self) -> str:
        start = self.tr("Start the backend to search by phrases.")
        lacks = self.tr("This backend cannot search by phrases; update it on the Setup page.")
        said = why_not(self._backend, TASK, self._page.model, start, lacks)
        if said in ("", start, lacks) or self._catalog.models(TASK):
            return said
        return self.tr("This backend has no model that searches by phrases; update it on the Setup page.")

    def _show_parameters(self) -> None:
        model = self._page.model.model_id()
        parameters = self._catalog.parameters(TASK, model)
        self._page.set_parameters(parameters, self._settings.get(GROUND).get(model, {}))
        self._page.phrases.set_examples(only_things=all(parameter.name != DENSE for parameter in parameters))

    def _remember(self) -> None:
        line = join(self._page.phrases.phrases())
        if line:
            lines = [line, *(old for old in self._settings.get(PHRASES) if old != line)][:REMEMBERED]
            self._settings.set(PHRASES, lines)
            self._page.phrases.set_history(lines)

    def _follow(self, submission: Submission) -> None:
        self._submission = submission
        title = self.tr("So far: {title}").format(title=submission.task.title)
        turned = self._scratch / "so_far.vrt" if submission.task.pixel else None
        self._partial = PartialLayer(title, turned, self)
        submission.progressed.connect(self._on_progress)
        submission.moving.connect(self._on_moving)
        submission.noticed.connect(self._say)
        submission.succeeded.connect(self._on_success)
        submission.failed.connect(self._on_failure)
        submission.refused.connect(self._on_refused)
        submission.cancelled.connect(self._on_cancelled)
        self._page.set_progress(-1)
        self._page.set_status(self.tr("Reading the image…"))

    def _on_progress(self, state: JobState) -> None:
        self._page.set_progress(state.progress if state.started else -1)
        left = "" if state.remaining_s is None else self.tr("{seconds} s left").format(seconds=round(state.remaining_s))
        later = "" if self._backend.local else self.tr("the map appears at the end")
        texts = [labels.text(state.message or state.status), left, later]
        self._page.set_status(" · ".join(text for text in texts if text))
        if self._partial is not None and self._backend.local:
            self._partial.follow(state)

    def _on_moving(self) -> None:
        self._page.forbid_cancelling()
        self._page.set_status(self.tr("Moving the results into their folder…"))

    def _on_success(self, state: JobState, folder: Path) -> None:
        search = self._submission.task
        self._end()
        texts = [labels.text(notice) for notice in state.notices] or [self.tr("Done.")]
        if search.into is not None and search.into in folder.parents:
            texts.append(self.tr("The results are in “{folder}”.").format(folder=folder))
        self._page.set_status(" ".join(texts))
        phrases = str(search.request.parameters["phrases"])
        mark = RunMark(state.id, str(folder), search.image_id, phrases, state.model, search.pixel)
        self.results.add(mark, search.title)

    def _on_failure(self, problem: Problem) -> None:
        error = ground_error(problem)
        self._end()
        self._page.set_status(error.line)
        self.failed.emit(error)

    def _on_refused(self, sentence: str) -> None:
        self._end()
        self._page.set_status(sentence)

    def _on_cancelled(self) -> None:
        self._end()
        self._page.set_status(self.tr("Cancelled. The same search goes on from where it stopped."))

    def _end(self) -> None:
        self._submission = None
        if self._partial is not None:
            self._partial.remove()
            self._partial = None
        self._page.set_progress(None)

    def _on_layer(self, layer: Optional[QgsMapLayer]) -> None:
        self._page.options.set_layer(layer)

    def _on_parameters(self) -> None:
        """Remember what was set for this model; another one has defaults of its own."""
        self._settings.update(GROUND, {self._page.model.model_id(): self._page.changes()})

    def _on_model(self, model: str) -> None:
        self._settings.set(GROUND_MODEL, model)
        self._show_parameters()
        self._page.set_unavailable(self._why_not())

    def _on_refine(self, layer: QgsVectorLayer, feature: QgsFeature, image: str) -> None:
        try:
            around: QgsRectangle = bounds_on_map(layer, feature, self._canvas)
        except Refused as error:
            self._say(str(error))
            return
        self.refine_asked.emit(QgsProject.instance().mapLayer(image), layer, feature.id(), around)

    def _say(self, sentence: str) -> None:
        self._page.set_status(sentence)
        self.notice.emit(sentence)
