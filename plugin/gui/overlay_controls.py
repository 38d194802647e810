"""How the answer lies over the map: whether it is shown, from which score on, how opaque."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from ..gis.overlay_image import STEPS
from .accessible import name_controls


class OverlayControls(QWidget):
    """`threshold_moved` follows the hand: the byte from which on places are shown; `automatic_asked` ends it."""

    shown_toggled = pyqtSignal(bool)
    threshold_moved = pyqtSignal(int)
    automatic_asked = pyqtSignal()
    opacity_moved = pyqtSignal(float)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._shown = QCheckBox(self.tr("Show on the map"))
        self._shown.setObjectName("showAnswer")
        self._shown.setChecked(True)
        self._threshold = _slider("answerThreshold", STEPS)
        self._value = QLabel()
        self._value.setObjectName("answerThresholdValue")
        self._auto = QToolButton()
        self._auto.setObjectName("automaticThreshold")
        self._auto.setText(self.tr("Auto"))
        self._auto.setToolTip(self.tr("Let the threshold follow the examples"))
        self._auto.setCheckable(True)
        self._auto.setChecked(True)
        self._opacity = _slider("answerOpacity", 100)
        self._row = QWidget()
        line = QHBoxLayout(self._row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._threshold, 1)
        line.addWidget(self._value)
        line.addWidget(self._auto)
        self._form = QFormLayout()
        self._form.addRow(self.tr("Score from"), self._row)
        self._form.addRow(self.tr("Opacity"), self._opacity)
        name_controls(self._row, self.tr("Score from"))
        name_controls(self._opacity, self.tr("Opacity"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._shown)
        column.addLayout(self._form)
        self._shown.toggled.connect(self.shown_toggled)
        self._threshold.valueChanged.connect(self._on_threshold)
        self._auto.clicked.connect(self._on_auto)
        self._opacity.valueChanged.connect(lambda value: self.opacity_moved.emit(value / 100))

    def shown(self) -> bool:
        """Return whether the answer is to be seen."""
        return self._shown.isChecked()

    def set_shown(self, shown: bool) -> None:
        """Show the answer or not, as a person would choose."""
        self._shown.setChecked(shown)

    def opacity(self) -> float:
        """Return the opacity, 0 to 1."""
        return self._opacity.value() / 100

    def set_opacity(self, opacity: float) -> None:
        """Show the remembered opacity."""
        self._opacity.setValue(round(100 * opacity))

    def has_threshold(self, has: bool) -> None:
        """Show the threshold, or hide it where answers have no scores."""
        self._row.setVisible(has)
        self._form.labelForField(self._row).setVisible(has)

    def set_threshold(self, byte: int, score: float, automatic: bool) -> None:
        """Show from which byte, and so score, on places are shown."""
        blocker = QSignalBlocker(self._threshold)
        self._threshold.setValue(byte)
        blocker.unblock()
        self._value.setText(f"{score:.2f}")
        self._auto.setChecked(automatic)

    def _on_threshold(self, value: int) -> None:
        self._auto.setChecked(False)
        self.threshold_moved.emit(value)

    def _on_auto(self) -> None:
        self._auto.setChecked(True)
        self.automatic_asked.emit()


def _slider(name: str, most: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(name)
    slider.setRange(0, most)
    slider.setPageStep(most // 20)
    return slider
