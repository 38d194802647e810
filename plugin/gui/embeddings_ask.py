"""The third part of the Embeddings page: by examples, by a phrase, or by classes; and the answer over the map."""

from __future__ import annotations

from typing import Iterable, Optional

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.capabilities import Parameter
from .accessible import name_controls
from .class_table import ClassTable
from .job_row import JobRow
from .overlay_controls import OverlayControls
from .parameter_form import KINDS, ParameterForm
from .phrase_box import PhraseBox
from .ranked_places import RankedPlaces

SIMILAR, PHRASE, CLASSES = "similar", "phrase", "classes"
MODES = (SIMILAR, PHRASE, CLASSES)


class EmbeddingsAsk(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    mode_changed = pyqtSignal(str)
    tool_toggled = pyqtSignal(bool)
    undo_asked = pyqtSignal()
    redo_asked = pyqtSignal()
    clear_asked = pyqtSignal()
    selected_asked = pyqtSignal()
    save_asked = pyqtSignal()
    load_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.phrase = PhraseBox()
        self.classes = ClassTable()
        self.overlay = OverlayControls()
        self.places = RankedPlaces()
        self.job = JobRow("keepAnswer", self.tr("Keep as layers"))
        self.ranking = ParameterForm()
        self.selected = QgsMapLayerComboBox()
        self.selected.setObjectName("exampleLayer")
        self.selected.setFilters(QgsMapLayerProxyModel.PolygonLayer | QgsMapLayerProxyModel.PointLayer)
        self.selected.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._tabs = _Tabs()
        self._tabs.setObjectName("askModes")
        self._tabs.setAccessibleName(self.tr("Ask by"))
        self._tool = QPushButton(self.tr("Examples on the map"))
        self._tool.setObjectName("exampleTool")
        self._tool.setCheckable(True)
        self._said = QLabel()
        self._said.setObjectName("answerStatus")
        self._said.setWordWrap(True)
        self._accuracy = QLabel()
        self._accuracy.setObjectName("classAccuracy")
        self._accuracy.setWordWrap(True)
        self._build()
        self._connect()
        self._on_tab()
        self.show_steps(False, False, False)

    def mode(self) -> str:
        """Return what is asked by."""
        return MODES[self._tabs.currentIndex()]

    def set_mode(self, mode: str) -> None:
        """Ask by something else, as a person would choose."""
        self._tabs.setCurrentIndex(MODES.index(mode))

    def set_tool_active(self, active: bool) -> None:
        """Show whether the map takes examples."""
        self._tool.setChecked(active)

    def set_phrases_possible(self, possible: bool) -> None:
        """Enable phrases where the embeddings can be asked for them."""
        self._tabs.setTabEnabled(MODES.index(PHRASE), possible)

    def show_steps(self, undo: bool, redo: bool, clear: bool) -> None:
        """Enable what can be done with the examples."""
        for button, able in ((self._undo, undo), (self._redo, redo), (self._clear, clear)):
            button.setEnabled(able)

    def set_ranking(self, parameters: Iterable[Parameter]) -> None:
        """Show how places are ranked when the answer is kept; what was set stays."""
        self.ranking.set_parameters([one for one in parameters if one.kind in KINDS], self.ranking.values())

    def set_answer(self, text: str) -> None:
        """Say what the map shows now, or why it shows nothing."""
        self._said.setText(text)

    def set_accuracy(self, text: str, can_save: bool) -> None:
        """Say how well the classes are told apart."""
        self._accuracy.setText(text)
        self._accuracy.setVisible(bool(text))
        self._save.setEnabled(can_save)

    def _build(self) -> None:
        for widget, title in (
            (self._similar(), self.tr("Similar")),
            (self._phrase_tab(), self.tr("Phrase")),
            (self._class_tab(), self.tr("Classes")),
        ):
            self._tabs.addTab(widget, title)
        self._examples = self._example_rows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._tabs, self._examples, self._said, self.overlay, self.ranking, self.job, self.places):
            column.addWidget(widget)

    def _similar(self) -> QWidget:
        return _tab(_text(self.tr("Left click or drag around: wanted. Right button or Shift: not wanted.")))

    def _phrase_tab(self) -> QWidget:
        self._ask = QPushButton(self.tr("Show where"))
        self._ask.setObjectName("askPhrase")
        name_controls(self.phrase, self.tr("Phrase"))
        return _tab(self.phrase, self._ask)

    def _class_tab(self) -> QWidget:
        self._save = self._button("saveClassifier", self.tr("Save…"), self.tr("Save what was learnt as a small file"))
        self._load = self._button("loadClassifier", self.tr("Apply saved…"), self.tr("Use a classifier that was saved"))
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addWidget(self._load)
        tab = _tab(self.classes, self._accuracy)
        tab.layout().addLayout(row)
        return tab

    def _example_rows(self) -> QWidget:
        self._undo = self._button("undoExample", self.tr("Undo"), self.tr("Take the last step back: Backspace, Ctrl+Z"))
        self._redo = self._button("redoExample", self.tr("Redo"), self.tr("Bring the step back: Ctrl+Shift+Z"))
        self._clear = self._button("clearExamples", self.tr("Clear"), self.tr("Remove all examples: Esc"))
        self._add = QPushButton(self.tr("Add selected"))
        self._add.setObjectName("addSelected")
        self._add.setToolTip(self.tr("Take the layer's selected features as examples"))
        self._add.setEnabled(self.selected.currentLayer() is not None)
        name_controls(self.selected, self._add.text())
        steps, picked = QHBoxLayout(), QHBoxLayout()
        steps.setSpacing(2)
        for button in (self._undo, self._redo, self._clear):
            steps.addWidget(button)
        picked.addWidget(self.selected, 1)
        picked.addWidget(self._add)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tool)
        column.addLayout(steps)
        column.addLayout(picked)
        return rows

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(lambda _: self._on_tab())
        self._tool.toggled.connect(self.tool_toggled)
        self.selected.layerChanged.connect(lambda layer: self._add.setEnabled(layer is not None))
        self._add.clicked.connect(lambda _: self.selected_asked.emit())
        self._undo.clicked.connect(lambda _: self.undo_asked.emit())
        self._redo.clicked.connect(lambda _: self.redo_asked.emit())
        self._clear.clicked.connect(lambda _: self.clear_asked.emit())
        self._save.clicked.connect(lambda _: self.save_asked.emit())
        self._load.clicked.connect(lambda _: self.load_asked.emit())
        self._ask.clicked.connect(lambda _: self.phrase.entered.emit())

    def _on_tab(self) -> None:
        """Show what belongs to the mode."""
        mode = self.mode()
        self._examples.setVisible(mode != PHRASE)
        self.overlay.has_threshold(mode != CLASSES)
        self.ranking.setVisible(mode != CLASSES)
        self.places.set_places(())
        self.job.forget()
        self.mode_changed.emit(mode)


class _Tabs(QTabWidget):
    """Tabs that are only as high as the one that is open."""

    FRAME = 6

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Return the size of the open tab with its title."""
        return self._high(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return self._high(super().minimumSizeHint())

    def hasHeightForWidth(self) -> bool:
        """Return no: Qt's own answer would be the highest of all tabs."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow texts that take more lines in a narrower panel."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _high(self, size: QSize) -> QSize:
        page = self.currentWidget()
        inside = 0
        if page is not None:
            wrapped = page.layout().totalHeightForWidth(self.width() - self.FRAME)
            inside = wrapped if wrapped > 0 else page.sizeHint().height()
        return QSize(size.width(), self.tabBar().sizeHint().height() + inside + self.FRAME)


def _tab(*widgets: QWidget) -> QWidget:
    tab = QWidget()
    column = QVBoxLayout(tab)
    column.setContentsMargins(4, 4, 4, 4)
    for widget in widgets:
        column.addWidget(widget)
    return tab


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label
