"""From the button of the page's first part to a file of vectors and its picture in the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobRequest, JobState
from ...backend.protocol.problem import Problem
from ..area_drawing import AreaDrawing
from ..errors import told_error
from ..gis.area_text import area_text
from ..gis.embedding_layers import add_embeddings
from ..gis.refused import Refused
from ..gis.source import frame_of
from ..gis.transform import SourceTransform
from ..gui import labels
from ..gui.embeddings_compute import EmbeddingsCompute
from ..gui.picked_area import area_of
from ..gui.why_not import why_not
from ..settings import DEVICE, EMBED, EMBED_FOLDER, EMBED_MODEL, Settings
from ..state.backend import Backend
from ..state.keeping import check_folder
from ..state.submission import ImageTask, Submission

TASK = "embed"
VECTORS = ("embeddings.tif", "chips.parquet")
"""What the job calls its file of vectors, in its folder."""


class ComputeController(QObject):
    """`computed(Path)` names a new file of vectors; `notice(str)` and `failed(UserError)` are for the person."""

    computed = pyqtSignal(object)
    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        widget: EmbeddingsCompute,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._backend = canvas, widget, backend
        self._settings, self._scratch = settings, scratch
        self._submission: Optional[Submission] = None
        self.drawing = AreaDrawing(canvas, widget.area, self)
        self._connect()
        widget.options.set_layer(widget.source.currentLayer())
        widget.options.set_device(settings.get(DEVICE))
        widget.set_folder(settings.get(EMBED_FOLDER))

    def show_backend(self) -> None:
        """Follow what the backend offers: models and parameters, or in one sentence why there is nothing."""
        widget, catalog = self._widget, self._backend.catalog
        if catalog.device is not None:
            widget.model.offer(catalog, TASK, self._settings.get(EMBED_MODEL))
            self._show_parameters()
        widget.job.set_unavailable(self._why_not())

    def run(self) -> None:
        """Compute what the widget says."""
        if self._submission is not None:
            return
        try:
            submission = Submission(
                self._task(), self._backend.jobs, self._backend.connection, self._scratch, self
            )  # fmt: skip
            self._follow(submission)
            submission.start()
        except Refused as error:
            self._end(str(error))

    def cancel(self) -> None:
        """Stop; what is finished of it is kept for the next one like it."""
        if self._submission is not None:
            self._widget.job.set_status(labels.text("Cancelling"))
            self._submission.cancel()

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        if self._submission is not None:
            self._submission.close()
        self.drawing.close()

    def _connect(self) -> None:
        widget = self._widget
        widget.job.run_asked.connect(self.run)
        widget.job.cancel_asked.connect(self.cancel)
        widget.source_changed.connect(self._on_layer)
        widget.model.picked.connect(self._on_model)
        widget.parameters_changed.connect(self._on_parameters)
        widget.folder_changed.connect(lambda folder: self._settings.set(EMBED_FOLDER, folder))
        widget.options.device_changed.connect(lambda device: self._settings.set(DEVICE, device))

    def _why_not(self) -> str:
        start = self.tr("Start the backend to compute embeddings.")
        lacks = self.tr("This backend cannot compute embeddings; update it on the Setup page.")
        return why_not(self._backend, TASK, self._widget.model, start, lacks)

    def _show_parameters(self) -> None:
        model = self._widget.model.model()
        if model is None:
            return
        values = self._settings.get(EMBED).get(model.id, {})
        self._widget.set_parameters(self._backend.catalog.parameters(TASK, model.id), values)
        self._widget.set_phrases(model.phrases)

    def _task(self) -> ImageTask:
        """Return what the widget says. Raises Refused."""
        widget, canvas = self._widget, self._canvas
        image = widget.source.currentLayer()
        if not isinstance(image, QgsRasterLayer):
            raise Refused(self.tr("Choose an image first."))
        area, frame = area_of(widget.area.choice(), image, canvas), frame_of(image)
        values: Dict[str, Any] = {**widget.values(), "area": area_text(area.geometry, frame)}
        folder = widget.folder()
        if folder:
            check_folder(Path(folder))
        transform = SourceTransform(
            frame, canvas.mapSettings().destinationCrs(), QgsProject.instance().transformContext()
        )
        return ImageTask(
            image=image,
            image_id=image.id(),
            pixel=frame.pixel,
            bounds=area.bounds,
            units_per_pixel=transform.units_per_pixel(canvas.center(), canvas.mapUnitsPerPixel()),
            request=JobRequest(
                TASK, widget.model.model_id(), parameters=values, device=self._settings.get(DEVICE)
            ),
            title=self.tr("Embeddings – {image}").format(image=image.name()),
            chosen=widget.options.apply,
            into=Path(folder) if folder else None,
        )  # fmt: skip

    def _follow(self, submission: Submission) -> None:
        self._submission = submission
        submission.progressed.connect(self._widget.job.follow)
        submission.moving.connect(self._on_moving)
        submission.noticed.connect(self.notice)
        submission.succeeded.connect(self._on_success)
        submission.failed.connect(self._on_failure)
        submission.refused.connect(self._end)
        submission.cancelled.connect(
            lambda: self._end(self.tr("Cancelled. The same embeddings go on from where they stopped."))
        )
        self._widget.job.set_progress(-1)
        self._widget.job.set_status(self.tr("Reading the image…"))

    def _on_moving(self) -> None:
        self._widget.job.forbid_cancelling()
        self._widget.job.set_status(self.tr("Moving the results into their folder…"))

    def _on_success(self, state: JobState, folder: Path) -> None:
        task = self._submission.task
        self._end(" ".join(labels.text(notice) for notice in state.notices) or self.tr("Done."))
        vectors = next((folder / name for name in VECTORS if (folder / name).is_file()), None)
        if vectors is None:
            self.notice.emit(self.tr("The backend left no embeddings in “{folder}”.").format(folder=folder))
            return
        try:
            add_embeddings(vectors, task.title)
        except Refused as error:
            self.notice.emit(str(error))
        self.computed.emit(vectors)

    def _on_failure(self, problem: Problem) -> None:
        error = told_error(problem)
        self._end(error.line)
        self.failed.emit(error)

    def _end(self, sentence: str) -> None:
        self._submission = None
        self._widget.job.set_progress(None)
        self._widget.job.set_status(sentence)

    def _on_layer(self, layer: Optional[QgsMapLayer]) -> None:
        self._widget.options.set_layer(layer)

    def _on_parameters(self) -> None:
        """Remember what was set for this model; another one has defaults of its own."""
        self._settings.update(EMBED, {self._widget.model.model_id(): self._widget.changes()})

    def _on_model(self, model: str) -> None:
        self._settings.set(EMBED_MODEL, model)
        self._show_parameters()
        self._widget.job.set_unavailable(self._why_not())
