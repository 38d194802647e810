"""The Generate page's buttons and what they set off."""

from __future__ import annotations

from pathlib import Path
from typing import Optional
from uuid import uuid4

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...backend.protocol.jobs import JobState
from ...backend.protocol.problem import Problem
from ..area_drawing import AreaDrawing
from ..errors import user_error
from ..gis.generated_layers import link_partial, remove_preview
from ..gis.partial_layer import PartialLayer
from ..gis.refused import Refused
from ..gis.synthetic import mark_synthetic
from ..gui import labels
from ..gui.generate_page import GeneratePage
from ..gui.generate_text import question_of, region_text
from ..gui.why_not import why_not
from ..settings import DEVICE, GENERATE, GENERATE_MODEL, Settings
from ..state.backend import Backend
from ..state.submission import Submission
from .asked import TASK, Asked, Reading
from .comparing import Comparing
from .disk import check_output, free_bytes
from .pace import Pace
from .results import add_results, tiles_elsewhere

LATER_MS = 250
"""What would come of it is told anew at most this often."""


class GenerateController(QObject):
    """`notice(str)` carries one sentence for the person, `failed(UserError)` what went wrong."""

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: GeneratePage,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._page, self._settings, self._scratch = canvas, page, settings, scratch
        self._backend = backend
        self.drawing = AreaDrawing(canvas, page.area, self)
        self.comparing = Comparing(canvas, page, self)
        self._asked: Optional[Asked] = None
        self._submission: Optional[Submission] = None
        self._partial: Optional[PartialLayer] = None
        self.pace = Pace(settings, backend)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER_MS)
        self._later.timeout.connect(self._show_region)
        self._connect()
        page.options.set_layer(page.layer())
        page.options.set_device(settings.get(DEVICE))
        self.show_backend()

    @property
    def busy(self) -> bool:
        """Return whether a job is under way."""
        return self._submission is not None

    def show_backend(self) -> None:
        """Follow what the backend offers: models and parameters, or in one sentence why there is nothing."""
        page, catalog = self._page, self._backend.catalog
        if catalog.device is not None:
            page.model.offer(catalog, TASK, self._settings.get(GENERATE_MODEL))
            self._show_parameters()
        self._show_ready()

    def run(self) -> None:
        """Generate what the page says; a person is asked first where it becomes large."""
        if self.busy:
            return
        try:
            reading = self._read()
            output = self._page.output()
            check_output(output)
            asked = reading.whole(self._settings.get(DEVICE))
            question = question_of(reading.estimate(self._rate()), free_bytes(self._backend, output))
            if not question or self._page.agrees(question):
                self._start(asked)
        except Refused as error:
            self._page.bar.set_status(str(error))

    def preview(self) -> None:
        """Generate a small part in the middle of the map."""
        if self.busy:
            return
        folder = self._scratch / f"preview-{uuid4().hex}"
        try:
            asked = self._read().preview(self._settings.get(DEVICE), folder, self._rate())
            folder.mkdir()
            self._start(asked)
        except Refused as error:
            self._page.bar.set_status(str(error))

    def cancel(self) -> None:
        """Stop; what is finished of it is kept for the next one like it."""
        if self._submission is not None:
            self._page.bar.set_status(labels.text("Cancelling"))
            self._submission.cancel()

    def release(self) -> None:
        """Leave the map to others: the panel is closed."""
        self.drawing.use(False)
        self.comparing.end()

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        self._later.stop()
        if self._submission is not None:
            self._submission.close()
        self._end("")
        remove_preview()
        self.comparing.close()
        self.drawing.close()

    def _connect(self) -> None:
        page = self._page
        page.bar.run_asked.connect(self.run)
        page.bar.cancel_asked.connect(self.cancel)
        page.preview_asked.connect(self.preview)
        page.model.picked.connect(self._on_model)
        page.parameters_changed.connect(self._on_parameters)
        page.options.device_changed.connect(lambda device: self._settings.set(DEVICE, device))
        page.changed.connect(self._later.start)
        self._canvas.extentsChanged.connect(self._later.start)

    def _read(self) -> Reading:
        """Read the page. Raises Refused."""
        return Reading(self._page, self._canvas, self._backend.local)

    def _why_not(self) -> str:
        start = self.tr("Start the backend to generate imagery.")
        lacks = self.tr("This backend cannot generate imagery; update it on the Setup page.")
        return why_not(self._backend, TASK, self._page.model, start, lacks)

    def _show_ready(self) -> None:
        self._page.bar.set_unavailable(self._why_not())
        self._page.set_busy(self.busy)
        self._later.start()

    def _show_parameters(self) -> None:
        model = self._page.model.model_id()
        parameters = self._backend.catalog.parameters(TASK, model)
        self._page.set_parameters(parameters, self._settings.get(GENERATE).get(model, {}))

    def _show_region(self) -> None:
        """Say what would come of it, or why nothing would."""
        if not self._page.isVisible() or self._why_not():
            return
        try:
            text = region_text(self._read().estimate(self._rate()))
        except Refused as error:
            text = str(error)
        self._page.set_region(text)

    def _start(self, asked: Asked) -> None:
        self._asked = asked
        self.pace.begin()
        backend = self._backend
        submission = Submission(asked.task, backend.jobs, backend.connection, self._scratch, self)
        self._submission = submission
        submission.progressed.connect(self._on_progress)
        submission.moving.connect(self._on_moving)
        submission.noticed.connect(self._say)
        submission.succeeded.connect(self._on_success)
        submission.failed.connect(self._on_failure)
        submission.refused.connect(self._end)
        submission.cancelled.connect(self._on_cancelled)
        if not asked.preview:
            title = self.tr("So far: {title}").format(title=asked.task.title)
            pixel, link = asked.task.pixel, self._scratch / "generated_so_far.vrt"
            self._partial = PartialLayer(
                title, link, self, mark_synthetic, lambda path, target: link_partial(path, target, pixel)
            )
        self._page.bar.set_progress(-1)
        self._page.bar.set_status(self.tr("Reading the image…"))
        self._page.set_busy(True)
        try:
            submission.start()
        except Refused as error:
            self._end(str(error))

    def _on_progress(self, state: JobState) -> None:
        self._page.bar.follow(state)
        self.pace.follow(state)
        if self._partial is not None and self._backend.local:
            self._partial.follow(state)

    def _on_moving(self) -> None:
        self._page.bar.forbid_cancelling()
        self._page.bar.set_status(self.tr("Moving the results into their folder…"))

    def _on_success(self, state: JobState, folder: Path) -> None:
        asked = self._asked
        self.pace.learn(asked)
        self._later.start()
        said = [labels.text(notice) for notice in state.notices]
        self._end("")
        try:
            group = add_results(asked, state, folder)
        except Refused as error:
            self._say(str(error))
            return
        if group is not None:
            self.comparing.set_layers(group.findLayerIds())
            said.append(self.tr("The results are in “{folder}”.").format(folder=folder))
            said += tiles_elsewhere(state, folder)
        self._page.bar.set_status(" ".join(said) or self.tr("Done."))

    def _on_failure(self, problem: Problem) -> None:
        error = user_error(problem)
        self._end(" ".join(part for part in (error.sentence, error.detail) if part))
        self.failed.emit(error)

    def _on_cancelled(self) -> None:
        goes_on = self.tr("Cancelled. The same region goes on from where it stopped.")
        self._end(self.tr("Cancelled.") if self._asked.preview else goes_on)

    def _end(self, sentence: str) -> None:
        asked, self._asked, self._submission = self._asked, None, None
        if self._partial is not None:
            self._partial.remove()
            self._partial = None
        if asked is not None and not asked.preview:
            remove_preview()
        self._page.bar.set_progress(None)
        self._page.bar.set_status(sentence)
        self._page.set_busy(False)

    def _rate(self) -> float:
        return self.pace.rate(self._page.model.model_id())

    def _on_model(self, model: str) -> None:
        self._settings.set(GENERATE_MODEL, model)
        self._show_parameters()
        self._show_ready()

    def _on_parameters(self) -> None:
        """Remember what was set for this model; another one has defaults of its own."""
        self._settings.update(GENERATE, {self._page.model.model_id(): self._page.changes()})

    def _say(self, sentence: str) -> None:
        self._page.bar.set_status(sentence)
        self.notice.emit(sentence)
