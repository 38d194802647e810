"""A form made from parameter specs: a new parameter needs no new widget."""

from __future__ import annotations

from textwrap import fill
from typing import Any, Dict, Iterable, List, Optional

from qgis.PyQt.QtCore import pyqtBoundSignal, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QSpinBox, QWidget

from ...backend.protocol.capabilities import Parameter
from . import labels

LINE, SHORTEST = 24, 10
"""Characters of a check box's line, and of the narrowest choice: the form fits into a panel of 320 pixels."""


NARROW = 90
"""Pixels; on its own a box of numbers is as wide as the longest it takes."""


class ParameterForm(QWidget):
    """One row a parameter. `changed` fires on every edit, `values` returns what is set."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._editors: Dict[str, QWidget] = {}
        self._defaults: Dict[str, Any] = {}

    def set_parameters(self, parameters: Iterable[Parameter], values: Dict[str, Any]) -> None:
        """Show these parameters; values that are missing, or no choice of theirs, take the parameter's default."""
        while self._layout.rowCount():
            self._layout.removeRow(0)
        self._editors, self._defaults = {}, {}
        for parameter in parameters:
            editor = _EDITORS[parameter.kind](parameter)
            editor.setObjectName(parameter.name)
            editor.setToolTip(labels.text(parameter.help) if parameter.help else "")
            _write(editor, parameter.default)
            self._defaults[parameter.name] = _read(editor)
            _write(editor, values.get(parameter.name, parameter.default))
            _changed_signal(editor).connect(self._on_changed)
            self._editors[parameter.name] = editor
            if isinstance(editor, QCheckBox):
                self._layout.addRow(editor)
            else:
                self._layout.addRow(labels.text(parameter.label), editor)

    def values(self) -> Dict[str, Any]:
        """Return every parameter's value by name."""
        return {name: _read(editor) for name, editor in self._editors.items()}

    def changes(self) -> Dict[str, Any]:
        """Return by name the values that are not the default."""
        return {name: value for name, value in self.values().items() if value != self._defaults[name]}

    def show_rows(self, names: Iterable[str], shown: bool) -> None:
        """Show or hide the parameters of these names; hidden ones keep their values."""
        for editor in (self._editors[name] for name in names if name in self._editors):
            editor.setVisible(shown)
            label = self._layout.labelForField(editor)
            if label is not None:
                label.setVisible(shown)

    def editors(self) -> List[QWidget]:
        """Return the editors from top to bottom."""
        return list(self._editors.values())

    def _on_changed(self, *_value: object) -> None:
        self.changed.emit()


def _number(parameter: Parameter) -> QDoubleSpinBox:
    editor = QDoubleSpinBox()
    editor.setMinimumWidth(NARROW)
    editor.setDecimals(2)
    editor.setRange(_or(parameter.minimum, -1e9), _or(parameter.maximum, 1e9))
    editor.setSuffix(f" {parameter.unit}" if parameter.unit else "")
    editor.setKeyboardTracking(False)
    return editor


def _integer(parameter: Parameter) -> QSpinBox:
    editor = QSpinBox()
    editor.setMinimumWidth(NARROW)
    editor.setRange(int(_or(parameter.minimum, -(2**31))), int(_or(parameter.maximum, 2**31 - 1)))
    editor.setSuffix(f" {parameter.unit}" if parameter.unit else "")
    editor.setKeyboardTracking(False)
    return editor


def _boolean(parameter: Parameter) -> QCheckBox:
    return QCheckBox(fill(labels.text(parameter.label), LINE))


def _choice(parameter: Parameter) -> QComboBox:
    editor = QComboBox()
    editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    editor.setMinimumContentsLength(SHORTEST)
    for choice in parameter.choices:
        editor.addItem(labels.choice(parameter.name, choice), choice)
    return editor


_EDITORS = {"number": _number, "integer": _integer, "boolean": _boolean, "choice": _choice}
KINDS = tuple(_EDITORS)
"""Kinds of parameters that have a row; a text has a place of its own on its page."""


def _or(value: Optional[float], fallback: float) -> float:
    return fallback if value is None else value


def _read(editor: QWidget) -> Any:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    return editor.currentData() if isinstance(editor, QComboBox) else editor.value()


def _write(editor: QWidget, value: Any) -> None:
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        at = editor.findData(value)
        if at >= 0:
            editor.setCurrentIndex(at)
    else:
        editor.setValue(value)


def _changed_signal(editor: QWidget) -> pyqtBoundSignal:
    if isinstance(editor, QCheckBox):
        return editor.toggled
    return editor.currentIndexChanged if isinstance(editor, QComboBox) else editor.valueChanged
