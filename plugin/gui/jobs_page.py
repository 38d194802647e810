"""The job list: progress, cancel, error text, a report to copy."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ..state.jobs import JobList
from . import labels


class JobsPage(QWidget):
    """A view of `JobList`."""

    cancel_asked = pyqtSignal(str)
    report_asked = pyqtSignal(str)

    def __init__(self, jobs: JobList, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._view = QListView()
        self._view.setObjectName("jobs")
        self._view.setModel(jobs)
        self._view.setItemDelegate(_JobDelegate(self._view))
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._empty = QLabel(self.tr("No jobs yet. Downloads and Processing runs show up here."))
        self._empty.setWordWrap(True)
        self._error = QLabel()
        self._error.setObjectName("jobError")
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._cancel = QPushButton(self.tr("Cancel job"))
        self._report = QPushButton(self.tr("Copy report"))
        row = QHBoxLayout()
        row.addWidget(self._cancel)
        row.addWidget(self._report)
        column = QVBoxLayout(self)
        for widget in (self._empty, self._view, self._error):
            column.addWidget(widget)
        column.addLayout(row)
        self._cancel.clicked.connect(lambda: self.cancel_asked.emit(self._current_id()))
        self._report.clicked.connect(lambda: self.report_asked.emit(self._current_id()))
        self._view.selectionModel().currentChanged.connect(self._refresh)
        for signal in (jobs.rowsInserted, jobs.rowsRemoved, jobs.dataChanged, jobs.modelReset):
            signal.connect(self._refresh)
        self._refresh()

    def _current_id(self) -> str:
        return self._view.currentIndex().data(JobList.ID_ROLE) or ""

    def _refresh(self, *_arguments: object) -> None:
        index = self._view.currentIndex()
        self._empty.setVisible(self._view.model().rowCount() == 0)
        self._error.setText(index.data(JobList.ERROR_ROLE) or "")
        self._cancel.setEnabled(index.data(JobList.STATUS_ROLE) in ("accepted", "running"))
        self._report.setEnabled(index.isValid())


class _JobDelegate(QStyledItemDelegate):
    """Draws a job as a progress bar with its title, status and remaining time."""

    HEIGHT = 26

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(self.HEIGHT)
        return size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        bar = QStyleOptionProgressBar()
        bar.rect = option.rect.adjusted(2, 2, -2, -2)
        bar.state = option.state | QStyle.StateFlag.State_Horizontal
        bar.fontMetrics = option.fontMetrics
        bar.palette = option.palette
        bar.minimum, bar.maximum = 0, 100
        bar.progress = int(index.data(JobList.PROGRESS_ROLE) or 0)
        bar.text = _line(index)
        bar.textVisible = True
        bar.textAlignment = Qt.AlignmentFlag.AlignCenter
        QApplication.style().drawControl(QStyle.ControlElement.CE_ProgressBar, bar, painter)


def _line(index: QModelIndex) -> str:
    parts = [str(index.data(JobList.TITLE_ROLE) or ""), labels.text(index.data(JobList.STATUS_ROLE) or "")]
    message = index.data(JobList.MESSAGE_ROLE)
    remaining = index.data(JobList.REMAINING_ROLE)
    if message:
        parts.append(labels.text(message))
    if remaining:
        parts.append(f"{remaining:.0f} s")
    return " · ".join(parts)
