"""What a person shows on the map: examples of what is wanted or of classes, or a saved classifier in their place."""

from __future__ import annotations

from functools import partial
from typing import List, Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ..gis.styles import LIGHT, NEGATIVE
from ..gui.embeddings_ask import CLASSES, PHRASE, SIMILAR, EmbeddingsAsk
from ..map_tools.example_overlay import ExampleOverlay, Mark
from ..map_tools.example_tool import ExampleTool
from ..map_tools.keys import Command
from ..map_tools.tool_input import ToolInput
from ..state.examples import UNWANTED, WANTED, Example, ExampleList
from .class_book import ClassBook


class ShowController(QObject):
    """`changed` fires when what is shown is another; `notice(str)` is for the person."""

    changed = pyqtSignal()
    notice = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas, widget: EmbeddingsAsk, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._widget = canvas, widget
        self.examples = {SIMILAR: ExampleList(), CLASSES: ExampleList()}
        self.book = ClassBook(self)
        self.saved = self.saved_name = ""
        self.tool = ExampleTool(canvas, self.wants)
        self._input = ToolInput(canvas, self.tool, self)
        self._marks = ExampleOverlay(canvas, self)
        self._connect()
        self._show()

    @property
    def shown(self) -> Optional[ExampleList]:
        """Return the examples of the mode, None where it has none."""
        return self.examples.get(self._widget.mode())

    def wants(self, command: Command) -> bool:
        """Return whether a key means something to us now."""
        shown = self.shown
        if not self._input.in_use or shown is None:
            return False
        able = {Command.UNDO: shown.can_undo, Command.REDO: shown.can_redo, Command.CLEAR: bool(shown.shown)}
        return able.get(command, False)

    def command(self, command: Command) -> None:
        """Do what a key or button asks for."""
        shown = self.shown
        acts = {} if shown is None else {Command.UNDO: shown.undo, Command.REDO: shown.redo, Command.CLEAR: self._clear}
        if command in acts:
            acts[command]()
            self._on_examples()

    def add(self, geometries: List[QgsGeometry], crs: QgsCoordinateReferenceSystem, label: int = 1) -> None:
        """Take geometries of `crs` as examples of what the mode is about now, in one step."""
        shown = self.shown
        kind = (WANTED if label else UNWANTED) if self._widget.mode() == SIMILAR else self.book.current
        if shown is None or not kind:
            self.notice.emit(self.tr("Add a class first."))
            return
        self.saved = self.saved_name = ""
        self._widget.overlay.set_shown(True)
        shown.add(*(Example(kind, geometry, crs) for geometry in geometries))
        self._on_examples()

    def apply_saved(self, text: str, name: str) -> None:
        """Show the classes of a saved classifier in place of examples."""
        self.saved, self.saved_name = text, name
        self._widget.overlay.set_shown(True)
        self._on_examples()

    def set_visible(self, visible: bool) -> None:
        """Show the examples on the map, or take them and the tool off it."""
        if visible:
            self._show_marks()
        else:
            self._input.use(False)
            self._marks.set_marks(())

    def close(self) -> None:
        """Take everything off the map for good."""
        self._input.use(False)
        self._marks.close()

    def _connect(self) -> None:
        widget, tool, book = self._widget, self.tool, self.book
        widget.mode_changed.connect(self._on_mode)
        widget.tool_toggled.connect(self._input.use)
        for asked, command in (
            (widget.undo_asked, Command.UNDO),
            (widget.redo_asked, Command.REDO),
            (widget.clear_asked, Command.CLEAR),
        ):
            asked.connect(partial(self.command, command))
        widget.selected_asked.connect(self._on_selected)
        widget.classes.added.connect(book.add)
        widget.classes.removed.connect(self._on_class_removed)
        widget.classes.renamed.connect(book.rename)
        widget.classes.recoloured.connect(book.recolour)
        widget.classes.chosen.connect(book.choose)
        book.changed.connect(self._on_examples)
        tool.point.connect(self._on_point)
        tool.area.connect(self._on_shown)
        tool.command.connect(self.command)
        self._input.active.connect(widget.set_tool_active)

    def _on_point(self, at: QgsPointXY, label: int) -> None:
        self._on_shown(QgsGeometry.fromPointXY(at), label)

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

    def _on_class_removed(self, class_id: str) -> None:
        if class_id:
            self.examples[CLASSES].remove(class_id)
            self.book.remove(class_id)

    def _on_mode(self, mode: str) -> None:
        if mode == PHRASE:
            self._input.use(False)
        self._show_marks()

    def _on_examples(self) -> None:
        self._show()
        self.changed.emit()

    def _clear(self) -> None:
        self.saved = self.saved_name = ""
        if self.shown is not None:
            self.shown.clear()

    def _show(self) -> None:
        self._show_marks()
        examples = self.examples[CLASSES]
        counts = {row.id: examples.count(row.id) for row in self.book.rows}
        self._widget.classes.set_classes(self.book.rows, counts, self.book.current)

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
