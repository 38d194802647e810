"""The Change page's last part: a result's dates by turns or on both sides of a line, and what changed how much."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from qgis.PyQt.QtCore import QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .accessible import add_named_row
from .score_slider import ScoreSlider

BEFORE, AFTER, SWIPE = "before", "after", "swipe"
LOWEST, HIGHEST = 1, 8
"""Rows of the table that are seen at once; the others are scrolled to."""


class ChangeResults(QWidget):
    """Widgets and signals; results are named by their ids, dates by their number from 0 on."""

    picked = pyqtSignal(str)
    view_asked = pyqtSignal(str)
    upright_toggled = pyqtSignal(bool)
    date_picked = pyqtSignal(int)
    least_rested = pyqtSignal(float)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._results = _combo("changeResults")
        self._date = _combo("changeDate")
        self._buttons: Dict[str, QToolButton] = {}
        self._views = QButtonGroup(self)
        for view, name, text in (
            (BEFORE, "showBefore", self.tr("Before")),
            (AFTER, "showAfter", self.tr("After")),
            (SWIPE, "showSwipe", self.tr("Swipe")),
        ):
            self._buttons[view] = self._button(name, text)
            self._buttons[view].setCheckable(True)
            self._views.addButton(self._buttons[view])
        self._buttons[SWIPE].setToolTip(
            self.tr("Both dates beside a line on the map: drag it, or move it with the arrow keys; Esc ends")
        )
        self._lying = self._button("swipeLying", self.tr("Turn"))
        self._lying.setCheckable(True)
        self._lying.setToolTip(self.tr("Turn the line: one date above it, the other below"))
        self._least = ScoreSlider()
        self._said = QLabel()
        self._said.setObjectName("changeSaid")
        self._said.setWordWrap(True)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._areas = QTableWidget(0, 3)
        self._areas.setObjectName("changeAreas")
        self._areas.setAccessibleName(self.tr("What changed how much"))
        self._areas.setHorizontalHeaderLabels([self.tr("From"), self.tr("To"), self.tr("Area")])
        self._areas.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._areas.verticalHeader().hide()
        self._areas.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._build()
        self._connect()

    def set_results(self, results: List[Tuple[str, str]], current: str) -> None:
        """List results as (id, title) and show `current` as picked."""
        blocker = QSignalBlocker(self._results)
        self._results.clear()
        for result, title in results:
            self._results.addItem(title, result)
        self._results.setCurrentIndex(self._results.findData(current))
        blocker.unblock()
        self.setVisible(bool(results))

    def set_dates(self, names: Sequence[str], current: int) -> None:
        """List the dates that can be compared with the first one; a choice is there where there are several."""
        blocker = QSignalBlocker(self._date)
        self._date.clear()
        for number, name in enumerate(names[1:], 1):
            self._date.addItem(name, number)
        self._date.setCurrentIndex(max(0, self._date.findData(current)))
        blocker.unblock()
        self._date.setVisible(len(names) > 2)
        self._form.labelForField(self._date).setVisible(len(names) > 2)
        for button in self._buttons.values():
            button.setEnabled(len(names) > 1)

    def show_view(self, view: str) -> None:
        """Show which way the dates are seen."""
        self._buttons[view].setChecked(True)
        self._lying.setVisible(view == SWIPE)

    def set_said(self, text: str) -> None:
        """Show what is told of the result."""
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def set_least(self, least: Optional[float]) -> None:
        """Show from which probability on a change is shown; None hides the slider."""
        self._least.setVisible(least is not None)
        self._form.labelForField(self._least).setVisible(least is not None)
        if least is not None:
            self._least.set_score(least)
            self._least.set_count(0, 0)

    def set_areas(self, areas: Sequence[Tuple[str, str, str]]) -> None:
        """Show how much changed from what to what: two names and an area."""
        self._areas.setRowCount(len(areas))
        for row, (start, end, area) in enumerate(areas):
            for column, text in enumerate((start or "–", end or "–", area)):
                self._areas.setItem(row, column, QTableWidgetItem(text))
        height = self._areas.verticalHeader().defaultSectionSize()
        shown = min(max(len(areas), LOWEST), HIGHEST)
        head = self._areas.horizontalHeader().sizeHint().height()
        self._areas.setFixedHeight(head + shown * height + 2 * self._areas.frameWidth())
        self._areas.setVisible(bool(areas))

    def _build(self) -> None:
        views = QWidget()
        row = QHBoxLayout(views)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (*self._buttons.values(), self._lying):
            row.addWidget(button)
        row.addStretch(1)
        self._form = QFormLayout()
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, field in (
            (self.tr("Result"), self._results),
            (self.tr("Later date"), self._date),
            (self.tr("Show"), views),
            (self.tr("Shown from"), self._least),
        ):
            add_named_row(self._form, label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self._said)
        column.addWidget(self._areas)

    def _connect(self) -> None:
        self._results.currentIndexChanged.connect(lambda _: self.picked.emit(self._results.currentData() or ""))
        self._date.currentIndexChanged.connect(lambda _: self.date_picked.emit(self._date.currentData() or 1))
        for view, button in self._buttons.items():
            button.clicked.connect(lambda _, view=view: self.view_asked.emit(view))
        self._lying.toggled.connect(lambda lying: self.upright_toggled.emit(not lying))
        self._least.rested.connect(self.least_rested)

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        return button


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
