"""What a run found: which run, from which score on, how relevant, what it says, and what to do with it."""

from __future__ import annotations

from typing import List, Optional, Tuple

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSignalBlocker, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QTextOption
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.ground import GroundedAnswer
from .accessible import add_named_row, name_controls
from .answer_text import OBJECT, PLACE, REFINE, answer_html
from .score_slider import ScoreSlider

ANSWER_LINES = 12


class GroundResults(QWidget):
    """Widgets and signals; runs and objects are named by their ids."""

    run_picked = pyqtSignal(str)
    score_rested = pyqtSignal(float)
    score_moved = pyqtSignal(float)
    relevance_asked = pyqtSignal(int)
    zoom_asked = pyqtSignal(str)
    refine_asked = pyqtSignal(str)
    place_asked = pyqtSignal(int)
    pick_toggled = pyqtSignal(bool)
    add_asked = pyqtSignal()
    copy_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._runs = _combo("groundRuns")
        self._score = ScoreSlider()
        self._relevance = QCheckBox(self.tr("Relevance of"))
        self._relevance.setObjectName("relevance")
        self._phrase = _combo("relevancePhrase")
        self.target = QgsMapLayerComboBox()
        self.target.setObjectName("groundTarget")
        self.target.setFilters(QgsMapLayerProxyModel.PolygonLayer)
        self.target.setAllowEmptyLayer(True, self.tr("New temporary layer"))
        self.target.setLayer(None)
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._add = QPushButton(self.tr("Add shown objects"))
        self._add.setObjectName("addShown")
        self._pick = QPushButton(self.tr("Click an object to refine it"))
        self._pick.setObjectName("pickObject")
        self._pick.setCheckable(True)
        self._copy = QPushButton(self.tr("Copy the table"))
        self._copy.setObjectName("copyShares")
        self._answer = QTextBrowser()
        self._answer.setObjectName("groundAnswer")
        self._answer.setOpenLinks(False)
        self._answer.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self._answer.setMinimumHeight(ANSWER_LINES * self.fontMetrics().lineSpacing())
        self._build()
        self._connect()

    def set_runs(self, runs: List[Tuple[str, str]], current: str) -> None:
        """List runs as (id, title) and show `current` as picked."""
        blocker = QSignalBlocker(self._runs)
        self._runs.clear()
        for run, title in runs:
            self._runs.addItem(title, run)
        self._runs.setCurrentIndex(self._runs.findData(current))
        blocker.unblock()
        self.setVisible(bool(runs))

    def show_answer(self, answer: GroundedAnswer) -> None:
        """Show an answer; the place that was scrolled to stays."""
        bar = self._answer.verticalScrollBar()
        place = bar.value()
        self._answer.setHtml(answer_html(answer))
        bar.setValue(place)

    def show_sentence(self, text: str) -> None:
        """Show a sentence in place of an answer."""
        self._answer.setPlainText(text)

    def show_parts(self, answer: Optional[GroundedAnswer], scores: bool, objects: bool, relevance: bool) -> None:
        """Enable what a run has: scores to filter by, objects, relevance maps."""
        for widget in (self._add, self._pick, self.target):
            widget.setEnabled(objects)
        self._score.setEnabled(scores)
        for widget in (self._relevance, self._phrase):
            widget.setEnabled(relevance)
        self._copy.setEnabled(answer is not None)
        phrases = sorted(answer.phrases, key=lambda one: one.index) if answer else []
        if [one.phrase for one in phrases] != [self._phrase.itemText(i) for i in range(self._phrase.count())]:
            blocker = QSignalBlocker(self._phrase)
            self._phrase.clear()
            for one in phrases:
                self._phrase.addItem(one.phrase, one.index)
            blocker.unblock()

    def set_relevance(self, index: int) -> None:
        """Show whose relevance is on the map: a phrase's index, 0 for none."""
        blockers = [QSignalBlocker(widget) for widget in (self._relevance, self._phrase)]
        self._relevance.setChecked(index > 0)
        if index:
            self._phrase.setCurrentIndex(self._phrase.findData(index))
        for blocker in blockers:
            blocker.unblock()

    def score(self) -> float:
        """Return the least score that is shown."""
        return self._score.score()

    def set_score(self, score: float, shown: int, of: int) -> None:
        """Show from which score on objects are shown, and how many are."""
        if abs(score - self._score.score()) > 1e-9:
            self._score.set_score(score)
        self._score.set_count(shown, of)

    def set_picking(self, on: bool) -> None:
        """Show whether a click on the map picks an object."""
        self._pick.setChecked(on)

    def _build(self) -> None:
        relevance = QWidget()
        row = QHBoxLayout(relevance)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._relevance)
        row.addWidget(self._phrase, 1)
        into = QWidget()
        row = QHBoxLayout(into)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._add)
        row.addWidget(self.target, 1)
        form = QFormLayout()
        form.addRow(self.tr("Result"), self._runs)
        add_named_row(form, self.tr("Score from"), self._score)
        name_controls(self._phrase, self._relevance.text())
        name_controls(self.target, self._add.text())
        name_controls(self._answer, self.tr("Answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        for widget in (relevance, self._answer, self._pick, into, self._copy):
            column.addWidget(widget)

    def _connect(self) -> None:
        self._runs.currentIndexChanged.connect(lambda _: self.run_picked.emit(self._runs.currentData() or ""))
        self._score.moved.connect(self.score_moved)
        self._score.rested.connect(self.score_rested)
        self._relevance.toggled.connect(self._on_relevance)
        self._phrase.currentIndexChanged.connect(self._on_relevance)
        self._answer.anchorClicked.connect(self._on_link)
        self._pick.toggled.connect(self.pick_toggled)
        self._add.clicked.connect(lambda _: self.add_asked.emit())
        self._copy.clicked.connect(lambda _: self.copy_asked.emit())

    def _on_relevance(self, *_value: object) -> None:
        self.relevance_asked.emit(self._phrase.currentData() if self._relevance.isChecked() else 0)

    def _on_link(self, link: QUrl) -> None:
        text = link.toString()
        for start, signal in ((OBJECT, self.zoom_asked), (REFINE, self.refine_asked)):
            if text.startswith(start):
                signal.emit(text[len(start) :])
        if text.startswith(PLACE):
            self.place_asked.emit(int(text[len(PLACE) :]))


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
