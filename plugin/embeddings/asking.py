"""The third part of the page: what is shown or written becomes a question, and its answer lies over the map."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...backend.protocol.asks import View
from ...backend.protocol.problem import Problem
from ..client.calls import Pictured
from ..errors import told_error
from ..gis.refused import Refused
from ..gui.embeddings_ask import CLASSES, PHRASE, SIMILAR, EmbeddingsAsk
from ..settings import ASK_OPACITY, ASK_PHRASES, Settings
from ..state.ask_link import AskLink, AskState
from ..state.live_question import LiveQuestion, Question
from .answer_overlay import AnswerOverlay
from .answer_text import Asked, accuracy_text, answer_text
from .questions import classes_question, heat_question, phrase_question, saved_question, shapes
from .showing import ShowController
from .viewing import crs_of, view_of

REST_MS = 60
"""The map rests this long before it is asked anew."""
REMEMBERED = 30


class AskController(QObject):
    """Asks whenever what is shown, written, open or seen is another; the newest answer is `overlay`'s."""

    notice = pyqtSignal(str)

    def __init__(
        self, canvas: QgsMapCanvas, widget: EmbeddingsAsk, link: AskLink, settings: Settings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._link, self._settings = canvas, widget, link, settings
        self.showing = ShowController(canvas, widget, self)
        self.overlay = AnswerOverlay(canvas, self)
        self.asked_phrase = ""
        self._live = LiveQuestion(link, self)
        self._failed = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._connect()
        widget.overlay.set_opacity(settings.get(ASK_OPACITY))
        widget.phrase.set_history(settings.get(ASK_PHRASES))
        self._on_shown()

    @property
    def busy(self) -> bool:
        """Return whether an answer is awaited."""
        return self._live.busy

    @property
    def mode(self) -> str:
        """Return what is asked by."""
        return self._widget.mode()

    def set_visible(self, visible: bool) -> None:
        """Follow the panel: nothing lies over the map while it is closed."""
        self.overlay.set_visible(visible and self._widget.overlay.shown())
        self.showing.set_visible(visible)

    def close(self) -> None:
        """Take everything off the map for good."""
        self._rest.stop()
        self._live.clear()
        self._canvas.extentsChanged.disconnect(self._rest.start)
        self._canvas.destinationCrsChanged.disconnect(self._rest.start)
        self.overlay.close()
        self.showing.close()

    def ask(self) -> None:
        """Ask what the page says now, or say what is missing."""
        self._failed = ""
        try:
            question = self._question()
        except Refused as error:
            question, self._failed = None, str(error)
        if question is None:
            self._live.clear()
            self.overlay.clear()
        else:
            self._live.ask(question)
        self._say()

    def _question(self) -> Optional[Question]:
        """Return the question, None where there is nothing to ask yet. Raises Refused."""
        info, mode, view, showing = self._link.info, self.mode, self._view(), self.showing
        if info is None or view is None:
            return None
        if mode == PHRASE:
            return phrase_question(view, self.asked_phrase) if self.asked_phrase and info.phrases else None
        if mode == SIMILAR:
            return heat_question(view, showing.examples[SIMILAR].shown, info)
        if showing.saved:
            return saved_question(view, showing.saved)
        return classes_question(view, showing.book.rows, showing.examples[CLASSES].shown, info)

    def _connect(self) -> None:
        widget = self._widget
        self.showing.notice.connect(self.notice)
        self.showing.changed.connect(self._on_shown)
        widget.mode_changed.connect(self._on_mode)
        widget.phrase.entered.connect(self._on_phrase)
        widget.overlay.shown_toggled.connect(self.overlay.set_visible)
        widget.overlay.threshold_moved.connect(self.overlay.set_byte)
        widget.overlay.automatic_asked.connect(lambda: self.overlay.set_byte(None))
        widget.overlay.opacity_moved.connect(self._on_opacity)
        self._live.answered.connect(self._on_answer)
        self._live.failed.connect(self._on_problem)
        self.overlay.changed.connect(self._on_overlay)
        self._link.changed.connect(self._on_link)
        self._canvas.extentsChanged.connect(self._rest.start)
        self._canvas.destinationCrsChanged.connect(self._rest.start)
        self._rest.timeout.connect(self.ask)

    def _on_shown(self) -> None:
        self.overlay.set_colours(self.showing.book.colours())
        self.ask()

    def _on_phrase(self) -> None:
        phrases = self._widget.phrase.phrases()
        self.asked_phrase = phrases[0] if phrases else ""
        self._widget.overlay.set_shown(True)
        if len(phrases) > 1:
            text = self.tr("One phrase is asked at a time: “{phrase}”. Classes show several kinds at once.")
            self.notice.emit(text.format(phrase=self.asked_phrase))
        if self.asked_phrase:
            kept = [line for line in self._settings.get(ASK_PHRASES) if line != self.asked_phrase]
            lines = [self.asked_phrase, *kept][:REMEMBERED]
            self._settings.set(ASK_PHRASES, lines)
            self._widget.phrase.set_history(lines)
        self.ask()

    def _on_mode(self, _mode: str) -> None:
        self._live.clear()  # its answer would be of the other kind
        self.overlay.clear()
        self.overlay.set_byte(None)
        self.ask()

    def _on_opacity(self, opacity: float) -> None:
        self._settings.set(ASK_OPACITY, opacity)
        self.overlay.set_opacity(opacity)

    def _on_answer(self, _question: Question, answer: Pictured) -> None:
        if self._link.info is not None:
            self.overlay.show(answer, crs_of(self._link.info))
            self._say()

    def _on_problem(self, problem: Problem) -> None:
        self.overlay.clear()
        self._failed = told_error(problem).line
        self._say()

    def _on_link(self) -> None:
        info = self._link.info
        self._widget.set_phrases_possible(info is None or info.phrases)
        if self._link.state is not AskState.READY:
            self.overlay.clear()
        self.ask()

    def _on_overlay(self) -> None:
        if self.overlay.heat is not None:
            self._widget.overlay.set_threshold(self.overlay.byte, self.overlay.threshold, self.overlay.automatic)

    def _view(self) -> Optional[View]:
        return None if self._link.info is None else view_of(self._link.info, self._canvas)

    def _say(self) -> None:
        """Write what the map shows, or what is missing."""
        self._widget.set_answer(self._failed or answer_text(self._asked(), self.overlay.heat, self.overlay.classes))
        classes = self.overlay.classes if self.mode == CLASSES else None
        self._widget.set_accuracy(accuracy_text(classes), bool(classes and classes.classifier))

    def _asked(self) -> Asked:
        shown, info = self.showing.shown, self._link.info
        count = 0 if shown is None else len(shown.shown)
        saved = self.showing.saved_name if self.mode == CLASSES else ""
        return Asked(self.mode, info, self._view() is not None, count, self._beside(), saved)

    def _beside(self) -> int:
        """Return how many examples do not lie on the open embeddings, and so count for nothing."""
        shown, info = self.showing.shown, self._link.info
        if shown is None or info is None or self.showing.saved:
            return 0
        try:
            return len(shown.shown) - len(shapes(shown.shown, info))
        except Refused:
            return 0
