"""The third part of the page: what is shown or written becomes a question, and its answer lies over the map."""

from __future__ import annotations

from typing import List, Optional

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ...backend.protocol.asks import View
from ...backend.protocol.problem import Problem
from ..client.calls import Pictured
from ..gis.refused import Refused
from ..gis.styles import LIGHT, NEGATIVE
from ..gui.embeddings_ask import CLASSES, PHRASE, SIMILAR, EmbeddingsAsk
from ..map_tools.example_overlay import ExampleOverlay, Mark
from ..map_tools.example_tool import ExampleTool
from ..map_tools.keys import Command
from ..settings import ASK_OPACITY, ASK_PHRASES, Settings
from ..state.ask_link import AskLink, AskState
from ..state.examples import UNWANTED, WANTED, Example, ExampleList
from ..state.live_question import LiveQuestion, Question
from .answer_overlay import AnswerOverlay
from .answer_text import accuracy_text, answer_text
from .class_book import ClassBook
from .failures import sentence_of
from .questions import classes_question, heat_question, phrase_question, saved_question, shapes
from .viewing import crs_of, view_of

REST_MS = 60
"""The map rests this long before it is asked anew."""
REMEMBERED = 30


class AskController(QObject):
    """`notice(str)` is for the person; `changed` fires when what could be kept is another."""

    notice = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(
        self, canvas: QgsMapCanvas, widget: EmbeddingsAsk, link: AskLink, settings: Settings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._settings = canvas, widget, settings
        self._link = link
        self.examples = {SIMILAR: ExampleList(), CLASSES: ExampleList()}
        self.book = ClassBook(self)
        self.saved = self.saved_name = self.asked_phrase = ""
        self.overlay = AnswerOverlay(canvas, self)
        self._marks = ExampleOverlay(canvas, self)
        self.tool = ExampleTool(canvas, self.wants)
        self._live = LiveQuestion(link, self)
        self._failed = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._connect()
        widget.overlay.set_opacity(settings.get(ASK_OPACITY))
        widget.phrase.set_history(settings.get(ASK_PHRASES))
        self._show_classes()
        self.ask()

    @property
    def active(self) -> bool:
        """Return whether the map takes examples."""
        return self._canvas.mapTool() is self.tool

    @property
    def busy(self) -> bool:
        """Return whether an answer is awaited."""
        return self._live.busy

    @property
    def shown(self) -> Optional[ExampleList]:
        """Return the examples of the mode, None where it has none."""
        return self.examples.get(self._widget.mode())

    def wants(self, command: Command) -> bool:
        """Return whether a key means something to us now."""
        shown = self.shown
        if not self.active or shown is None:
            return False
        able = {Command.UNDO: shown.can_undo, Command.REDO: shown.can_redo, Command.CLEAR: bool(shown.shown)}
        return able.get(command, False)

    def command(self, command: Command) -> None:
        """Do what a key or button asks for."""
        shown = self.shown
        if shown is None:
            return
        acts = {Command.UNDO: shown.undo, Command.REDO: shown.redo, Command.CLEAR: self._clear}
        if command in acts:
            acts[command]()
            self._on_examples()

    def add(self, geometries: List[QgsGeometry], crs: object, label: int = 1) -> None:
        """Take geometries of `crs` as examples of what the mode is about now, in one step."""
        shown = self.shown
        kind = (WANTED if label else UNWANTED) if self._widget.mode() == SIMILAR else self.book.current
        if shown is None or not kind:
            self.notice.emit(self.tr("Add a class first."))
            return
        self.forget_saved()
        self._widget.overlay.set_shown(True)
        shown.add(*(Example(kind, geometry, crs) for geometry in geometries))
        self._on_examples()

    def apply_saved(self, text: str, name: str) -> None:
        """Show the classes of a saved classifier in place of examples."""
        self.saved, self.saved_name = text, name
        self._widget.overlay.set_shown(True)
        self.ask()

    def forget_saved(self) -> None:
        """Go back to the examples."""
        self.saved = self.saved_name = ""

    def release(self) -> None:
        """Let go of the map's tool and hide what lies over the map, as the panel is closed."""
        if self.active:
            self._canvas.unsetMapTool(self.tool)
        self.overlay.set_visible(False)
        self._marks.set_marks(())

    def come_back(self) -> None:
        """Show it again, as the panel is opened."""
        self.overlay.set_visible(self._widget.overlay.shown())
        self._show_marks()

    def close(self) -> None:
        """Take everything off the map for good."""
        self._rest.stop()
        self._live.clear()
        self._canvas.extentsChanged.disconnect(self._rest.start)
        self._canvas.destinationCrsChanged.disconnect(self._rest.start)
        if self.active:
            self._canvas.unsetMapTool(self.tool)
        self.overlay.close()
        self._marks.close()

    @property
    def beside(self) -> int:
        """Return how many examples do not lie on the open embeddings, and so count for nothing."""
        shown, info = self.shown, self._link.info
        if shown is None or info is None or self.saved:
            return 0
        try:
            return len(shown.shown) - len(shapes(shown.shown, info))
        except Refused:
            return 0

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
        info, mode, view = self._link.info, self._widget.mode(), self._view()
        if info is None or view is None:
            return None
        if mode == PHRASE:
            return phrase_question(view, self.asked_phrase) if self.asked_phrase and info.phrases else None
        if mode == SIMILAR:
            return heat_question(view, self.examples[SIMILAR].shown, info)
        if self.saved:
            return saved_question(view, self.saved)
        return classes_question(view, self.book.rows, self.examples[CLASSES].shown, info)

    def _connect(self) -> None:
        widget, tool = self._widget, self.tool
        widget.mode_changed.connect(self._on_mode)
        widget.tool_toggled.connect(self._on_tool_toggled)
        widget.undo_asked.connect(lambda: self.command(Command.UNDO))
        widget.redo_asked.connect(lambda: self.command(Command.REDO))
        widget.clear_asked.connect(lambda: self.command(Command.CLEAR))
        widget.selected_asked.connect(self._on_selected)
        widget.phrase.entered.connect(self._on_phrase)
        widget.overlay.shown_toggled.connect(self.overlay.set_visible)
        widget.overlay.threshold_moved.connect(self.overlay.set_byte)
        widget.overlay.automatic_asked.connect(lambda: self.overlay.set_byte(None))
        widget.overlay.opacity_moved.connect(self._on_opacity)
        widget.classes.added.connect(self.book.add)
        widget.classes.removed.connect(self._on_class_removed)
        widget.classes.renamed.connect(self.book.rename)
        widget.classes.recoloured.connect(self.book.recolour)
        widget.classes.chosen.connect(self.book.choose)
        self.book.changed.connect(self._on_book)
        tool.point.connect(lambda at, label: self._on_shown(QgsGeometry.fromPointXY(QgsPointXY(at)), label))
        tool.area.connect(self._on_shown)
        tool.command.connect(self.command)
        tool.activated.connect(lambda: widget.set_tool_active(True))
        tool.deactivated.connect(lambda: widget.set_tool_active(False))
        self._live.answered.connect(self._on_answer)
        self._live.failed.connect(self._on_problem)
        self.overlay.changed.connect(self._on_overlay)
        self._link.changed.connect(self._on_link)
        self._canvas.extentsChanged.connect(self._rest.start)
        self._canvas.destinationCrsChanged.connect(self._rest.start)
        self._rest.timeout.connect(self.ask)

    def _on_tool_toggled(self, on: bool) -> None:
        if on and not self.active:
            self._canvas.setMapTool(self.tool)
        elif not on and self.active:
            self._canvas.unsetMapTool(self.tool)

    def _on_shown(self, geometry: QgsGeometry, label: int) -> None:
        self.add([geometry], self._canvas.mapSettings().destinationCrs(), label)

    def _on_selected(self) -> None:
        layer = self._widget.selected.currentLayer()
        found = [] if layer is None else [feature.geometry() for feature in layer.selectedFeatures()]
        found = [geometry for geometry in found if not geometry.isEmpty()]
        if found:
            self.add(found, layer.crs())
        else:
            self.notice.emit(self.tr("Select features of the layer on the map first."))

    def _clear(self) -> None:
        self.forget_saved()
        if self.shown is not None:
            self.shown.clear()

    def _on_examples(self) -> None:
        self._show_marks()
        self._show_classes()
        self.ask()

    def _on_phrase(self) -> None:
        self.asked_phrase = self._widget.phrase.text().strip()
        self._widget.overlay.set_shown(True)
        if self.asked_phrase:
            kept = [line for line in self._settings.get(ASK_PHRASES) if line != self.asked_phrase]
            lines = [self.asked_phrase, *kept][:REMEMBERED]
            self._settings.set(ASK_PHRASES, lines)
            self._widget.phrase.set_history(lines)
        self.ask()

    def _on_mode(self, mode: str) -> None:
        if mode == PHRASE and self.active:
            self._canvas.unsetMapTool(self.tool)
        self.overlay.clear()
        self.overlay.set_byte(None)
        self._show_marks()
        self.ask()

    def _on_class_removed(self, class_id: str) -> None:
        if class_id:
            self.examples[CLASSES].remove(class_id)
            self.book.remove(class_id)

    def _on_book(self) -> None:
        self.overlay.set_colours(self.book.colours())
        self._on_examples()

    def _on_opacity(self, opacity: float) -> None:
        self._settings.set(ASK_OPACITY, opacity)
        self.overlay.set_opacity(opacity)

    def _on_answer(self, _question: Question, answer: Pictured) -> None:
        if self._link.info is not None:
            self.overlay.show(answer, crs_of(self._link.info))
            self._say()

    def _on_problem(self, problem: Problem) -> None:
        self.overlay.clear()
        self._failed = sentence_of(problem)
        self._say()

    def _on_link(self) -> None:
        info = self._link.info
        self._widget.set_phrases_possible(info is None or info.phrases)
        if self._link.state is not AskState.READY:
            self.overlay.clear()
        self.ask()

    def _on_overlay(self) -> None:
        controls, heat = self._widget.overlay, self.overlay.heat
        if heat is not None:
            controls.set_threshold(self.overlay.byte, self.overlay.threshold, self.overlay.automatic)
        self.changed.emit()

    def _view(self) -> Optional[View]:
        return None if self._link.info is None else view_of(self._link.info, self._canvas)

    def _show_marks(self) -> None:
        shown, colours = self.shown, {row.id: row.colour for row in self.book.rows}
        colours.update({WANTED: LIGHT, UNWANTED: NEGATIVE})
        marks = [
            Mark(one.geometry, one.crs, colours.get(one.kind, QColor("white")), one.kind != UNWANTED)
            for one in (shown.shown if shown is not None else ())
        ]
        self._marks.set_marks(marks)
        if shown is not None:
            self._widget.show_steps(shown.can_undo, shown.can_redo, bool(shown.shown or self.saved))

    def _show_classes(self) -> None:
        examples = self.examples[CLASSES]
        counts = {row.id: examples.count(row.id) for row in self.book.rows}
        self._widget.classes.set_classes(self.book.rows, counts, self.book.current)

    def _say(self) -> None:
        """Write what the map shows, or what is missing."""
        info = self._link.info
        self._widget.set_answer(self._failed or answer_text(self, info, self._view() is not None))
        classes = self.overlay.classes if self._widget.mode() == CLASSES else None
        self._widget.set_accuracy(accuracy_text(classes), bool(classes and classes.classifier))
        self.changed.emit()

    @property
    def mode(self) -> str:
        """Return what is asked by."""
        return self._widget.mode()
