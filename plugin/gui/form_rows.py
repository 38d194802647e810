"""Rows of a form of which some are shown: the others take no room, not even the space between rows."""

from __future__ import annotations

from typing import Collection, List, Tuple

from qgis.PyQt.QtWidgets import QFormLayout, QLabel, QWidget

from .accessible import name_controls


class FormRows:
    """Fills a form; a row has the name of what it belongs to, empty where it is always shown."""

    def __init__(self, form: QFormLayout) -> None:
        self._form = form
        self._rows: List[Tuple[str, QLabel, QWidget]] = []

    def add(self, name: str, text: str, field: QWidget) -> None:
        """Append a row; a screen reader says its label also of controls within the field, unless they have a text."""
        label = QLabel(text)
        label.setBuddy(field)
        self._rows.append((name, label, field))
        self._form.addRow(label, field)
        name_controls(field, text)

    def show(self, names: Collection[str]) -> None:
        """Show the rows of these names, in the order in which they were added."""
        place = 0
        for name, label, field in self._rows:
            wanted, there = not name or name in names, self._form.indexOf(field) >= 0
            if there and not wanted:
                self._form.takeRow(field)
            elif wanted and not there:
                self._form.insertRow(place, label, field)
            label.setVisible(wanted)
            field.setVisible(wanted)
            place += wanted
