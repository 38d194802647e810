"""Names and order of controls for those who use the keyboard or have the screen read to them."""

from __future__ import annotations

from typing import List, Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractButton, QFormLayout, QWidget


def controls(widget: QWidget) -> List[QWidget]:
    """Return what in `widget` the Tab key reaches, itself included, in the order it was made."""
    inside = [one for one in (widget, *widget.findChildren(QWidget)) if one.window() is widget.window()]
    return [one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus]


def add_named_row(form: QFormLayout, label: str, field: QWidget) -> None:
    """Add a row; a screen reader says its label also of controls within the field, unless they have a text."""
    form.addRow(label, field)
    name_controls(field, label)


def name_controls(field: QWidget, name: str) -> None:
    """Give the controls of a field a name where they show none of their own."""
    for control in controls(field):
        if not control.accessibleName() and not (isinstance(control, QAbstractButton) and control.text()):
            control.setAccessibleName(name)


def put_after(control: QWidget, others: Sequence[QWidget]) -> None:
    """Let the Tab key go from a control to others, one after another, before it goes on."""
    for other in others:
        QWidget.setTabOrder(control, other)
        control = other
