"""From the buttons of the page's first part to pairs in the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..area_drawing import AreaDrawing
from ..errors import told_error
from ..gis.change_labels import COLUMN, class_names, drawing_layer, is_polygons
from ..gis.change_layers import SHOWN, Pair, add_pairs, as_preview, read_pairs, remove_preview
from ..gis.refused import Refused
from ..gui import labels
from ..gui.change_pairs import ChangePairs
from ..gui.job_row import JobRow
from ..gui.why_not import why_not
from ..settings import CHANGE, CHANGE_FOLDER, CHANGE_LIKE, CHANGE_MODEL, DEVICE, Settings
from ..state.backend import Backend
from ..state.background import Background
from ..state.stepwise import Stepwise
from ..state.submission import Submission
from .asked_pairs import TASK, AskedPairs, asked_pairs
from .labels_file import LabelsFile


class PairsController(QObject):
    """`made(QgsLayerTreeGroup)` names a pair to look at; `draw_asked(QgsVectorLayer)` one that takes new polygons.

    `notice(str)` and `failed(UserError)` are for the person.
    """

    made = pyqtSignal(object)
    draw_asked = pyqtSignal(object)
    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        widget: ChangePairs,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._backend = canvas, widget, backend
        self._settings, self._scratch = settings, scratch
        self._asked: Optional[AskedPairs] = None
        self._labels: Optional[LabelsFile] = None
        self._submission: Optional[Submission] = None
        self.drawing = AreaDrawing(canvas, widget.area, self)
        self._connect()
        widget.set_folder(settings.get(CHANGE_FOLDER))
        self._on_labels()

    @property
    def busy(self) -> bool:
        """Return whether a job is under way."""
        return self._asked is not None

    def show_backend(self) -> None:
        """Follow what the backend offers: models and parameters, or in one sentence why there is nothing."""
        widget, catalog = self._widget, self._backend.catalog
        if catalog.device is not None:
            widget.model.offer(catalog, TASK, self._settings.get(CHANGE_MODEL))
            self._show_parameters()
        self._show_ready()

    def run(self, preview: bool = False) -> None:
        """Make what the widget says, or one pair in the middle of the map to look at first."""
        if self.busy:
            return
        row = self._row(preview)
        try:
            asked = asked_pairs(self._widget, self._canvas, self._settings.get(DEVICE), preview)
        except Refused as error:
            row.set_status(str(error))
            return
        self._asked = asked
        row.set_progress(-1)
        row.set_status(self.tr("Reading image and labels…"))
        self._row(not preview).button.setEnabled(False)
        image = asked.task.image
        size = (image.width(), image.height()) if asked.task.pixel else None
        self._labels = LabelsFile(
            asked.labels, asked.column, size, self._scratch, self._on_labels_file, self._end, self
        )
        try:
            self._labels.start()
        except Refused as error:
            self._end(str(error))

    def cancel(self) -> None:
        """Stop; pairs that are finished are kept for the next run like it."""
        if self._submission is not None:
            self._row(self._asked.preview).set_status(labels.text("Cancelling"))
            self._submission.cancel()
        elif self._labels is not None:
            self._labels.cancel()
            self._end(self.tr("Cancelled."))

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        if self._submission is not None:
            self._submission.close()
        if self._labels is not None:
            self._labels.cancel()
            self._labels.tidy()
        remove_preview()
        self.drawing.close()

    def _connect(self) -> None:
        widget = self._widget
        for row, preview in ((widget.job, False), (widget.preview, True)):
            row.run_asked.connect(lambda preview=preview: self.run(preview))
            row.cancel_asked.connect(self.cancel)
        widget.model.picked.connect(self._on_model)
        widget.parameters_changed.connect(self._on_parameters)
        widget.folder_changed.connect(lambda folder: self._settings.set(CHANGE_FOLDER, folder))
        widget.labels_changed.connect(self._on_labels)
        widget.like_changed.connect(self._on_like)
        widget.draw_asked.connect(self._on_draw)

    def _why_not(self) -> str:
        start = self.tr("Start the backend to make pairs.")
        lacks = self.tr("This backend cannot make pairs; update it on the Setup page.")
        return why_not(self._backend, TASK, self._widget.model, start, lacks)

    def _show_ready(self) -> None:
        for row in (self._widget.preview, self._widget.job):
            row.set_unavailable(self._why_not())
            if self.busy:
                row.button.setEnabled(False)

    def _show_parameters(self) -> None:
        model = self._widget.model.model_id()
        parameters = self._backend.catalog.parameters(TASK, model)
        self._widget.set_parameters(parameters, self._settings.get(CHANGE).get(model, {}))

    def _row(self, preview: bool) -> JobRow:
        return self._widget.preview if preview else self._widget.job

    def _on_labels_file(self, path: Path) -> None:
        asked = self._asked
        others = {"labels": Source(path=str(path), name=asked.labels.name())}
        task = replace(asked.task, request=replace(asked.task.request, others=others))
        backend = self._backend
        submission = Submission(task, backend.jobs, backend.connection, self._scratch, self)
        self._submission = submission
        row = self._row(asked.preview)
        submission.progressed.connect(row.follow)
        submission.moving.connect(row.forbid_cancelling)
        submission.noticed.connect(self.notice)
        submission.succeeded.connect(self._on_success)
        submission.failed.connect(self._on_failure)
        submission.refused.connect(self._end)
        submission.cancelled.connect(self._on_cancelled)
        if QgsProject.instance().mapLayer(task.image_id) is None:
            self._end(self.tr("The image is gone; choose another one."))
            return
        try:
            submission.start()
        except Refused as error:
            self._end(str(error))

    def _on_success(self, state: JobState, folder: Path) -> None:
        asked = self._asked
        said = [labels.text(notice) for notice in state.notices]
        row = self._row(asked.preview)
        row.forbid_cancelling()
        row.set_status(self.tr("Adding the layers…"))

        def add(found: Tuple[List[Pair], int]) -> None:
            pairs, count = found
            remove_preview()
            steps = add_pairs(pairs, asked.task.title, said)
            Stepwise(steps, lambda group: self._on_added(group, folder, said, count), self._end, self)

        pixel = asked.task.pixel
        Background(lambda: read_pairs(folder, pixel), add, lambda error: self._end(str(error)), self)

    def _on_added(self, group: QgsLayerTreeGroup, folder: Path, said: List[str], count: int) -> None:
        if self._asked.preview:
            as_preview(group)
        else:
            said.append(self.tr("The results are in “{folder}”.").format(folder=folder))
        if count > SHOWN:
            said.append(self.tr("The first {shown} of {all} pairs are shown.").format(shown=SHOWN, all=count))
        self._end(" ".join(said) or self.tr("Done."))
        self.made.emit(group)

    def _on_failure(self, problem: Problem) -> None:
        error = told_error(problem)
        self._end(error.line)
        self.failed.emit(error)

    def _on_cancelled(self) -> None:
        kept = self.tr("Cancelled. The same pairs go on from where they stopped.")
        self._end(self.tr("Cancelled.") if self._asked.preview else kept)

    def _end(self, sentence: str) -> None:
        row = self._row(self._asked.preview)
        if self._labels is not None:
            self._labels.tidy()
            self._labels.deleteLater()
        self._asked = self._labels = self._submission = None
        row.set_progress(None)
        row.set_status(sentence)
        self._show_ready()

    def _on_labels(self) -> None:
        """Offer the classes of other labels."""
        widget = self._widget
        layer = widget.labels.currentLayer()
        column = widget.column()
        if is_polygons(layer) and layer.fields().lookupField(column) < 0:
            column = layer.fields()[0].name() if layer.fields().count() else ""
            column = COLUMN if layer.fields().lookupField(COLUMN) >= 0 else column
        widget.set_column(layer, column)
        widget.set_classes(class_names(layer, column), self._settings.get(CHANGE_LIKE))

    def _on_like(self, like: Dict[str, str]) -> None:
        self._settings.update(CHANGE_LIKE, like)

    def _on_draw(self) -> None:
        image = self._widget.source.currentLayer()
        if not isinstance(image, QgsRasterLayer):
            self._widget.job.set_status(self.tr("Choose an image first."))
            return
        layer = drawing_layer(image)
        QgsProject.instance().addMapLayer(layer)
        self._widget.labels.setLayer(layer)
        for signal in (layer.featureAdded, layer.attributeValueChanged, layer.featureDeleted):
            signal.connect(self._on_drawn)
        layer.startEditing()
        self.draw_asked.emit(layer)

    def _on_drawn(self, *_what: object) -> None:
        self._on_labels()

    def _on_parameters(self) -> None:
        """Remember what was set for this model; another one has defaults of its own."""
        self._settings.update(CHANGE, {self._widget.model.model_id(): self._widget.changes()})

    def _on_model(self, model: str) -> None:
        self._settings.set(CHANGE_MODEL, model)
        self._show_parameters()
        self._show_ready()
