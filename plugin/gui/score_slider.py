"""The least score that is shown, and how many objects that leaves."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

STEPS = 100
REST_MS = 60
"""How long the slider rests before the map is drawn anew: a drawing that has begun costs the next one time."""


class ScoreSlider(QWidget):
    """`moved(float)` follows the slider at once, `rested(float)` when it stays for a moment."""

    moved = pyqtSignal(float)
    rested = pyqtSignal(float)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("leastScore")
        self._slider.setRange(0, STEPS)
        self._slider.setPageStep(5)
        self._value = QLabel()
        self._count = QLabel()
        self._count.setObjectName("shownCount")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        row = QHBoxLayout()
        row.addWidget(self._slider, 1)
        row.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._count)
        self._slider.valueChanged.connect(self._on_value)
        self._rest.timeout.connect(lambda: self.rested.emit(self.score()))
        self._show_value()

    def score(self) -> float:
        """Return the score set, 0 to 1."""
        return self._slider.value() / STEPS

    def set_score(self, score: float) -> None:
        """Show a score without telling anybody; one that somebody has just set is forgotten."""
        self._rest.stop()
        self._slider.blockSignals(True)
        self._slider.setValue(round(score * STEPS))
        self._slider.blockSignals(False)
        self._show_value()

    def set_count(self, shown: int, of: int) -> None:
        """Say how many objects are shown; nothing where there are none at all."""
        self._count.setVisible(of > 0)
        self._count.setText(self.tr("{shown} of {all} objects").format(shown=shown, all=of))

    def _on_value(self, _value: int) -> None:
        self._show_value()
        self.moved.emit(self.score())
        self._rest.start()

    def _show_value(self) -> None:
        self._value.setText(f"{self.score():.2f}")
