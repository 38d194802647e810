"""A run's layers and the results part of the page: from which score on, how relevant, zoom, refine, add."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple

from qgis.core import QgsFeature, QgsMapLayer, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication

from ...backend.protocol.ground import GroundedAnswer
from ..gis.ground_layers import (
    CLASSES,
    INSTANCES,
    LEAST,
    RELEVANCE,
    RunMark,
    add_group,
    add_run,
    hide_relevance,
    part,
    show_classes_from,
    show_relevance,
)
from ..gis.ground_run import GroundRun, read_run
from ..gis.heat_style import shown_band
from ..gis.refused import Refused
from ..gis.score_filter import least_score, show_from
from ..gui.answer_text import table_text
from ..gui.ground_results import GroundResults
from ..state.background import Background
from .answer_at import answer_at
from .gathering import gather
from .places import object_at, object_named, show_box, zoom_to
from .shelf import RunShelf

ANSWER_MS = 60
"""The answer is written anew at most this often: laying out a hundred rows and links takes up to 25 ms."""


class ResultsController(QObject):
    """`notice(str)` carries a sentence; `refine_asked(QgsVectorLayer, QgsFeature, image id)` an object to refine."""

    notice = pyqtSignal(str)
    refine_asked = pyqtSignal(object, object, str)

    def __init__(self, canvas: QgsMapCanvas, widget: GroundResults, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._widget = canvas, widget
        self._moving: Optional[float] = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(ANSWER_MS)
        self._later.timeout.connect(self._write_answer)
        self.shelf = RunShelf(self)
        self.shelf.changed.connect(self._show)
        self.shelf.counted.connect(self._write_answer)
        widget.run_picked.connect(self.shelf.pick)
        widget.score_moved.connect(self._count)
        widget.score_rested.connect(self._filter)
        widget.relevance_asked.connect(self._on_relevance)
        widget.zoom_asked.connect(self._on_zoom)
        widget.refine_asked.connect(self._on_refine)
        widget.place_asked.connect(self._on_place)
        widget.add_asked.connect(self._on_add)
        widget.copy_asked.connect(self._on_copy)
        self._show()

    def add(self, mark: RunMark, title: str) -> None:
        """Read a run that has just ended and put its layers into the project."""

        def done(run: GroundRun) -> None:
            try:
                add_run(add_group(mark, title), run)
            except Refused as error:
                self.notice.emit(str(error))
            self.shelf.put(mark, run)

        Background(lambda: read_run(Path(mark.folder), mark.pixel), done, lambda e: self.notice.emit(str(e)), self)

    def pick_at(self, at: QgsPointXY) -> None:
        """Refine the object under a click on the map."""
        layer = self._objects()
        found = None if layer is None else object_at(layer, at, self._canvas)
        if found is None:
            self.notice.emit(self.tr("No object of this result is shown there."))
        else:
            self._refine(layer, found)

    def _show(self) -> None:
        shelf, widget = self.shelf, self._widget
        self._moving = None
        mark, run = shelf.mark, shelf.run
        widget.set_runs(shelf.titles(), mark.id if mark else "")
        if mark is None:
            return
        objects, relevance = self._objects(), self._part(RELEVANCE)
        shown = relevance is not None and shelf.group.findLayer(relevance.id()).itemVisibilityChecked()
        answer = run.answer if run else None
        can_filter = objects is not None or (run is not None and run.best is not None)
        widget.show_parts(answer, can_filter, objects is not None, bool(run and run.relevance))
        widget.set_relevance(shown_band(relevance) if shown else 0)
        if run is None:
            widget.show_sentence(shelf.problem or self.tr("Reading…"))
            return
        least = self._least(run)
        widget.set_score(least, run.shown(least), run.count)
        self._write_answer()

    def _count(self, score: float) -> None:
        run = self.shelf.run
        if run is not None:
            self._widget.set_score(score, run.shown(score), run.count)
            self._moving = score
            if not self._later.isActive():
                self._later.start()

    def _filter(self, score: float) -> None:
        self._moving = None
        if self.shelf.run is not None:
            self._show_from(self.shelf.run, score)
        self._write_answer()

    def _show_from(self, run: GroundRun, score: float) -> None:
        objects, classes = self._objects(), self._part(CLASSES)
        if objects is not None:
            show_from(objects, score)
        if isinstance(classes, QgsRasterLayer):
            try:
                show_classes_from(classes, run, score)
            except Refused as error:
                self.notice.emit(str(error))

    def _write_answer(self) -> None:
        answer = self._answer()
        if answer is not None:
            self._widget.show_answer(answer)

    def _answer(self) -> Optional[GroundedAnswer]:
        """Return what the picked run says from the score on that is set."""
        run = self.shelf.run
        if run is None:
            return None
        moving = self._moving  # the layers follow once the slider rests
        objects, areas = (self._least(run), self._areas_from(run)) if moving is None else (moving, moving)
        return answer_at(run, self.shelf.tally, objects, areas)

    def _areas_from(self, run: GroundRun) -> float:
        """Return the score from which on areas count; a class map without background has all of them at first."""
        classes = self._part(CLASSES)
        return self._least(run) if classes is None else float(classes.customProperty(LEAST))

    def _least(self, run: GroundRun) -> float:
        """Return the least score that is shown now."""
        objects, classes = self._objects(), self._part(CLASSES)
        if objects is not None:
            return least_score(objects)
        return run.answer.threshold if classes is None else float(classes.customProperty(LEAST))

    def _on_relevance(self, index: int) -> None:
        group, run = self.shelf.group, self.shelf.run
        if group is None or run is None:
            return
        if not index:
            hide_relevance(group)
            return
        try:
            show_relevance(group, run, index)
        except Refused as error:
            self.notice.emit(str(error))

    def _on_zoom(self, name: str) -> None:
        self._visit(name)

    def _on_refine(self, name: str) -> None:
        visited = self._visit(name)
        if visited is not None:
            self._refine(*visited)

    def _on_place(self, index: int) -> None:
        """Show a place that was looked at closely."""
        mark, run = self.shelf.mark, self.shelf.run
        if mark is None or run is None:
            return
        try:
            show_box(run.answer.looked[index], run.answer.crs, mark.pixel, self._canvas)
        except Refused as error:
            self.notice.emit(str(error))

    def _visit(self, name: str) -> Optional[Tuple[QgsVectorLayer, QgsFeature]]:
        """Show an object on the map and return it with its layer; None, and a sentence, where that cannot be."""
        layer = self._objects()
        feature = None if layer is None else object_named(layer, name)
        if feature is None:
            self.notice.emit(self.tr("This object is not in the layer any more."))
            return None
        try:
            zoom_to(layer, feature, self._canvas)
        except Refused as error:
            self.notice.emit(str(error))
            return None
        return layer, feature

    def _refine(self, layer: QgsVectorLayer, feature: QgsFeature) -> None:
        mark = self.shelf.mark
        if mark is None or QgsProject.instance().mapLayer(mark.image) is None:
            self.notice.emit(self.tr("The image this was found in is not in the project any more."))
        else:
            self.refine_asked.emit(layer, feature, mark.image)

    def _on_add(self) -> None:
        layer = self._objects()
        if layer is not None:
            try:
                self.notice.emit(gather(layer, self._widget.target))
            except Refused as error:
                self.notice.emit(str(error))

    def _on_copy(self) -> None:
        answer = self._answer()
        if answer is not None:
            QApplication.clipboard().setText(table_text(answer))

    def _objects(self) -> Optional[QgsVectorLayer]:
        return self._part(INSTANCES)

    def _part(self, name: str) -> Optional[QgsMapLayer]:
        group = self.shelf.group
        return None if group is None else part(group, name)
