"""The Change page: its parts built and connected, and what goes from one to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..gui.change_page import ChangePage
from ..settings import Settings
from ..state.backend import Backend
from .asked_change import TASK as DETECT_TASK
from .asked_pairs import TASK as PAIRS_TASK
from .detect import DetectController
from .looking import LookController
from .pairs import PairsController

TASKS = (PAIRS_TASK, DETECT_TASK)
"""Their failures are told on the page."""


class ChangeController(QObject):
    """`draw_asked(QgsVectorLayer)` names a layer that takes new polygons.

    `notice(str)` carries one sentence for the person, `failed(UserError)` what went wrong.
    """

    draw_asked = pyqtSignal(object)
    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: ChangePage,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self.pairs = PairsController(canvas, page.pairs, backend, settings, scratch, self)
        self.detect = DetectController(canvas, page.detect, backend, settings, scratch, self)
        self.looking = LookController(canvas, page.results, self)
        self.pairs.made.connect(self.looking.look_at)
        self.detect.found.connect(self.looking.look_at)
        self.pairs.draw_asked.connect(self.draw_asked)
        for part in (self.pairs, self.detect):
            part.notice.connect(self.notice)
            part.failed.connect(self.failed)
        self.show_backend()

    def show_backend(self) -> None:
        """Follow what the backend offers."""
        self.pairs.show_backend()
        self.detect.show_backend()

    def release(self) -> None:
        """Leave the map to others: the panel is closed."""
        self.looking.end()
        self.pairs.drawing.use(False)
        self.detect.drawing.use(False)

    def close(self) -> None:
        """Stop what is under way and take everything off the map."""
        self.looking.close()
        self.detect.close()
        self.pairs.close()
