"""The classes a person made, which of them takes the next examples, and their colours."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List
from uuid import uuid4

from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ..gis.category_style import distinct
from ..gui.class_table import ClassRow

FIRST = 2
"""Classes to begin with: fewer cannot be told apart."""
SHADES = 48


class ClassBook(QObject):
    """`changed` fires with every edit; names are not empty and each is there once."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: List[ClassRow] = []
        self.current = ""
        self._made = 0
        for _ in range(FIRST):
            self.add()
        self.choose(self.rows[0].id)

    def add(self, name: str = "") -> str:
        """Add a class, choose it and return its id."""
        shade = distinct(SHADES)[self._made % SHADES]
        self._made += 1
        row = ClassRow(uuid4().hex, self._free(name or self.tr("Class {number}").format(number=self._made)), shade)
        self.rows.append(row)
        self.current = row.id
        self.changed.emit()
        return row.id

    def remove(self, class_id: str) -> None:
        """Remove a class."""
        self.rows = [row for row in self.rows if row.id != class_id]
        if self.current == class_id:
            self.current = self.rows[0].id if self.rows else ""
        self.changed.emit()

    def rename(self, class_id: str, name: str) -> None:
        """Give a class another name; one that is empty or taken is not."""
        taken = {row.name for row in self.rows if row.id != class_id}
        if name and name not in taken:
            self._replace(class_id, name=name)
        self.changed.emit()

    def recolour(self, class_id: str, colour: QColor) -> None:
        """Give a class another colour."""
        self._replace(class_id, colour=colour)
        self.changed.emit()

    def choose(self, class_id: str) -> None:
        """Let a class take the next examples."""
        self.current = class_id
        self.changed.emit()

    def colours(self) -> Dict[str, QColor]:
        """Return the colours by name."""
        return {row.name: row.colour for row in self.rows}

    def _replace(self, class_id: str, **values: object) -> None:
        self.rows = [replace(row, **values) if row.id == class_id else row for row in self.rows]

    def _free(self, name: str) -> str:
        taken, free, number = {row.name for row in self.rows}, name, 2
        while free in taken:
            free, number = f"{name} {number}", number + 1
        return free
