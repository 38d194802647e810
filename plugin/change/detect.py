"""From the button of the page's second part to what changed, as layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional, Tuple

from qgis.core import QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.capabilities import ModelInfo
from ...backend.protocol.defaults import CHANGE_MODEL
from ...backend.protocol.jobs import JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..area_drawing import AreaDrawing
from ..errors import told_error
from ..gis.area_render import AreaRender
from ..gis.change_maps import Detection, add_detection, read_detection, show_probability_from
from ..gis.generated_layers import link_partial
from ..gis.kinds import Kind, kind_of
from ..gis.partial_layer import PartialLayer
from ..gis.refused import Refused
from ..gis.source import source_of
from ..gui import labels
from ..gui.change_detect import ChangeDetect
from ..gui.why_not import why_not
from ..settings import DETECT, DETECT_FOLDER, DETECT_MODELS, DEVICE, Settings
from ..state.backend import Backend
from ..state.background import Background
from ..state.submission import Submission
from .asked_change import TASK, AskedChange, asked_change

MODELS_OF = {"segments": "segment", "distance": "embed"}
"""Of which task the models are that a method works with; the others learnt the task itself."""


class DetectController(QObject):
    """`found(QgsLayerTreeGroup)` names a result to look at; `notice(str)`, `failed(UserError)` are for the person."""

    found = pyqtSignal(object)
    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        widget: ChangeDetect,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._backend = canvas, widget, backend
        self._settings, self._scratch = settings, scratch
        self._asked: Optional[AskedChange] = None
        self._render: Optional[AreaRender] = None
        self._drawn = ""
        self._submission: Optional[Submission] = None
        self._partial: Optional[PartialLayer] = None
        self.drawing = AreaDrawing(canvas, widget.area, self)
        self._connect()
        widget.set_folder(settings.get(DETECT_FOLDER))

    @property
    def busy(self) -> bool:
        """Return whether a job is under way."""
        return self._asked is not None

    def show_backend(self) -> None:
        """Follow what the backend offers: models and parameters, or in one sentence why there is nothing."""
        widget, catalog = self._widget, self._backend.catalog
        if catalog.device is not None:
            parameters = catalog.parameters(TASK)
            values = {**self._settings.get(DETECT), **widget.changes()}
            widget.set_parameters(parameters, values)
            self._show_models()
        widget.job.set_unavailable(self._why_not())

    def run(self) -> None:
        """Find what changed between the dates that the widget says."""
        if self.busy:
            return
        job = self._widget.job
        try:
            self._asked = asked_change(self._widget, self._canvas, self._settings.get(DEVICE))
            job.set_progress(-1)
            job.set_status(self.tr("Reading both images…"))
            self._read_after(self._asked)
        except Refused as error:
            self._end(str(error))

    def cancel(self) -> None:
        """Stop; what is finished of it is kept for the next one like it."""
        if self._submission is not None:
            self._widget.job.set_status(labels.text("Cancelling"))
            self._submission.cancel()
        elif self.busy:
            self._end(self.tr("Cancelled."))

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        if self._submission is not None:
            self._submission.close()
        self._end("")
        self.drawing.close()

    def _connect(self) -> None:
        widget = self._widget
        widget.job.run_asked.connect(self.run)
        widget.job.cancel_asked.connect(self.cancel)
        widget.method_changed.connect(lambda _: self._on_method())
        widget.model.picked.connect(self._on_model)
        widget.parameters_changed.connect(self._on_parameters)
        widget.folder_changed.connect(lambda folder: self._settings.set(DETECT_FOLDER, folder))

    def _why_not(self) -> str:
        start = self.tr("Start the backend to find what changed.")
        lacks = self.tr("This backend cannot find what changed; update it on the Setup page.")
        said = why_not(self._backend, TASK, self._widget.model, start, lacks)
        if said in ("", start, lacks) or self._models(self._widget.method()):
            return said
        return self.tr("This backend has no model for this way of finding change; choose another way.")

    def _show_models(self) -> None:
        """Offer the models that the method works with."""
        widget, catalog = self._widget, self._backend.catalog
        method = widget.method()
        models, default = self._models(method), CHANGE_MODEL.get(method, "")
        remembered = str(self._settings.get(DETECT_MODELS).get(method, ""))
        usable = [model.id for model in models if model.installed]
        current = remembered if remembered in usable else default
        widget.model.set_models(models, catalog.device, current)

    def _models(self, method: str) -> Tuple[ModelInfo, ...]:
        catalog = self._backend.catalog
        if method in MODELS_OF:
            return catalog.models(MODELS_OF[method])
        others = MODELS_OF.values()
        return tuple(model for model in catalog.models(TASK) if not any(task in model.tasks for task in others))

    def _read_after(self, asked: AskedChange) -> None:
        """Draw the picture after where it has no file of its own, then start. Raises Refused."""
        if kind_of(asked.after) is Kind.RENDERED:
            self._render = AreaRender(
                asked.after,
                asked.after_bounds,
                asked.task.units_per_pixel,
                self._scratch,
                self._on_drawn,
                self._end,
                self,
            )
        else:
            self._submit(source_of(asked.after))

    def _on_drawn(self, source: Source, notice: str) -> None:
        self._render, self._drawn = None, source.path
        if notice:
            self.notice.emit(notice)
        if QgsProject.instance().mapLayer(self._asked.task.image_id) is None:
            self._end(self.tr("The image is gone; choose another one."))
            return
        try:
            self._submit(source)
        except Refused as error:
            self._end(str(error))

    def _submit(self, after: Source) -> None:
        asked, backend = self._asked, self._backend
        task = replace(asked.task, request=replace(asked.task.request, others={"after": after}))
        submission = Submission(task, backend.jobs, backend.connection, self._scratch, self)
        self._submission = submission
        submission.progressed.connect(self._on_progress)
        submission.moving.connect(self._widget.job.forbid_cancelling)
        submission.noticed.connect(self.notice)
        submission.succeeded.connect(self._on_success)
        submission.failed.connect(self._on_failure)
        submission.refused.connect(self._end)
        submission.cancelled.connect(
            lambda: self._end(self.tr("Cancelled. The same search goes on from where it stopped."))
        )
        title = self.tr("So far: {title}").format(title=task.title)
        pixel, shown = task.pixel, self._scratch / "change_so_far.vrt"
        self._partial = PartialLayer(
            title, shown, self, self._dress, lambda path, target: link_partial(path, target, pixel)
        )
        submission.start()

    def _dress(self, layer: QgsRasterLayer) -> None:
        show_probability_from(layer, self._threshold())

    def _threshold(self) -> float:
        return float(self._asked.task.request.parameters.get("threshold", 0.5))

    def _on_progress(self, state: JobState) -> None:
        self._widget.job.follow(state)
        if self._partial is not None and self._backend.local:
            self._partial.follow(state)

    def _on_success(self, state: JobState, folder: Path) -> None:
        asked, least = self._asked, self._threshold()
        notices = [labels.text(notice) for notice in state.notices]
        pixel, title, dates = asked.task.pixel, asked.task.title, (asked.task.image_id, asked.after_id)
        self._widget.job.forbid_cancelling()

        def add(found: Detection) -> None:
            try:
                group = add_detection(found, title, dates, least)
            except Refused as error:
                self._end(str(error))
                return
            self._end(" ".join(notices) or self.tr("Done."))
            self.found.emit(group)

        Background(lambda: read_detection(folder, pixel, notices), add, lambda error: self._end(str(error)), self)

    def _on_failure(self, problem: Problem) -> None:
        error = told_error(problem)
        self._end(error.line)
        self.failed.emit(error)

    def _end(self, sentence: str) -> None:
        if self._render is not None:
            self._render.cancel()
        if self._partial is not None:
            self._partial.remove()
        if self._drawn:
            Path(self._drawn).unlink(missing_ok=True)
        self._asked = self._render = self._submission = self._partial = None
        self._drawn = ""
        self._widget.job.set_progress(None)
        self._widget.job.set_status(sentence)

    def _on_method(self) -> None:
        self._on_parameters()
        self._show_models()
        self._widget.job.set_unavailable(self._why_not())

    def _on_parameters(self) -> None:
        self._settings.set(DETECT, self._widget.changes())

    def _on_model(self, model: str) -> None:
        self._settings.update(DETECT_MODELS, {self._widget.method(): model})
        self._widget.job.set_unavailable(self._why_not())
