"""The Embeddings page: its parts built and connected, and what goes from one to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..gis.refused import Refused
from ..gui.embedding_files import ask_classifier, ask_classifier_to_save
from ..gui.embeddings_page import EmbeddingsPage
from ..map_tools.keys import Command
from ..settings import Settings
from ..state.backend import Backend
from .asking import AskController
from .classifier_files import read_classifier, write_classifier
from .compute import ComputeController
from .opening import OpenController
from .tasks import TaskController

TASKS = ("embed", "search", "cluster", "fewshot", "compare")
"""Their failures are told on the page."""


class EmbeddingsController(QObject):
    """`notice(str)` carries one sentence for the person, `failed(UserError)` what went wrong."""

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: EmbeddingsPage,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self.compute = ComputeController(canvas, page.compute, backend, settings, scratch, self)
        self.opened = OpenController(canvas, page.opened, page.compare, backend.connection, settings, self)
        self.asking = AskController(canvas, page.ask, self.opened.link, settings, self)
        self.tasks = TaskController(canvas, page, self.opened, self.asking, backend, settings, scratch, self)
        self.tool = self.asking.showing.tool
        self.compute.computed.connect(lambda path: self.opened.open(str(path)))
        page.ask.save_asked.connect(self._on_save)
        page.ask.load_asked.connect(self._on_load)
        for part in (self.compute, self.opened, self.asking, self.tasks):
            part.notice.connect(self.notice)
        for part in (self.compute, self.tasks):
            part.failed.connect(self.failed)
        self.show_backend()

    def show_backend(self) -> None:
        """Follow what the backend offers."""
        self.compute.show_backend()
        self.tasks.show_backend()

    def wants(self, command: Command) -> bool:
        """Return whether a key means something to us now."""
        return self.asking.showing.wants(command)

    def set_shown(self, shown: bool) -> None:
        """Follow the panel: nothing lies over the map while it is closed."""
        self.asking.set_visible(shown)
        if not shown:
            self.compute.drawing.use(False)

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        self.tasks.close()
        self.compute.close()
        self.asking.close()
        self.opened.close()

    def _on_save(self) -> None:
        classes = self.asking.overlay.classes
        path = ask_classifier_to_save(self._page) if classes is not None else None
        if path is not None:
            self._try(lambda: write_classifier(path, classes.classifier))

    def _on_load(self) -> None:
        path = ask_classifier(self._page)
        if path is not None:
            self._try(lambda: self.asking.showing.apply_saved(read_classifier(path), path.stem))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Refused as error:
            self.notice.emit(str(error))
