"""Classes that examples are shown of: colour, name and how many; the current one takes the next clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Sequence

from qgis.PyQt.QtCore import QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

LINES = 5
SWATCH = 14
NAME, COUNT = 0, 1
ID = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class ClassRow:
    """A class as it is listed; `id` stays when its name changes."""

    id: str
    name: str
    colour: QColor


class ClassTable(QWidget):
    """`added`, `removed(id)`, `renamed(id, name)`, `recoloured(id, QColor)`; `chosen(id)` takes the next clicks."""

    added = pyqtSignal()
    removed = pyqtSignal(str)
    renamed = pyqtSignal(str, str)
    recoloured = pyqtSignal(str, object)
    chosen = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._rows: Dict[str, ClassRow] = {}
        self._table = QTableWidget(0, 2)
        self._table.setObjectName("classes")
        self._table.setAccessibleName(self.tr("Classes"))
        self._table.setHorizontalHeaderLabels([self.tr("Class"), self.tr("Examples")])
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self._table.horizontalHeader().setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setMinimumHeight((LINES + 1) * (self.fontMetrics().height() + 10))
        self._table.setMaximumHeight((LINES + 4) * (self.fontMetrics().height() + 10))
        self._add = self._button("addClass", self.tr("Add"), self.tr("Add a class"))
        self._colour = self._button("colourClass", self.tr("Colour…"), self.tr("Give the class another colour"))
        self._remove = self._button("removeClass", self.tr("Remove"), self.tr("Remove the class and its examples"))
        row = QHBoxLayout()
        for button in (self._add, self._colour, self._remove):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table)
        column.addLayout(row)
        self._add.clicked.connect(lambda _: self.added.emit())
        self._remove.clicked.connect(lambda _: self.removed.emit(self.current()))
        self._colour.clicked.connect(lambda _: self._ask_colour())
        self._table.itemChanged.connect(self._on_item)
        self._table.currentCellChanged.connect(lambda *_: self.chosen.emit(self.current()))

    def current(self) -> str:
        """Return the id of the class that takes the next clicks, empty where there is none."""
        item = self._table.item(self._table.currentRow(), NAME)
        return item.data(ID) if item is not None else ""

    def set_classes(self, rows: Sequence[ClassRow], counts: Dict[str, int], current: str) -> None:
        """Show classes with the number of their examples."""
        blocker = QSignalBlocker(self._table)
        self._rows = {row.id: row for row in rows}
        self._table.setRowCount(len(rows))
        for index, row in enumerate(rows):
            self._write(index, row, counts.get(row.id, 0))
            if row.id == current:
                self._table.setCurrentCell(index, NAME)
        blocker.unblock()
        for button in (self._colour, self._remove):
            button.setEnabled(bool(rows))

    def _write(self, index: int, row: ClassRow, count: int) -> None:
        """Write a row into the items there are: one may be the very item whose edit we are told of."""
        if self._table.item(index, NAME) is None:
            number = QTableWidgetItem()
            number.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
            self._table.setItem(index, NAME, QTableWidgetItem())
            self._table.setItem(index, COUNT, number)
        swatch = QPixmap(SWATCH, SWATCH)
        swatch.fill(row.colour)
        name = self._table.item(index, NAME)
        name.setText(row.name)
        name.setData(Qt.ItemDataRole.DecorationRole, swatch)
        name.setData(ID, row.id)
        self._table.item(index, COUNT).setText(str(count))

    def _on_item(self, item: QTableWidgetItem) -> None:
        if item.column() == NAME:
            self.renamed.emit(item.data(ID), item.text().strip())

    def _ask_colour(self) -> None:
        row = self._rows.get(self.current())
        chosen = QColorDialog.getColor(row.colour, self, row.name) if row is not None else QColor()
        if row is not None and chosen.isValid():
            self.recoloured.emit(row.id, chosen)

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        return button
