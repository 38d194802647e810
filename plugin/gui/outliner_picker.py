"""Which model outlines what another one has found: the best that is installed, or one of them by name."""

from __future__ import annotations

from typing import Optional, Tuple

from qgis.PyQt.QtCore import QSignalBlocker, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import ModelInfo
from . import labels


class OutlinerPicker(QWidget):
    """`picked` fires when a person picks one."""

    picked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._wanted = ""
        self._combo = QComboBox()
        self._combo.setObjectName("segmenter")
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._combo.setToolTip(self.tr("Outlines what a detector has boxed, and all things with “Draw things anew”"))
        self.setFocusProxy(self._combo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._combo)
        self.set_models(())
        self._combo.currentIndexChanged.connect(self._on_index)

    def set_models(self, models: Tuple[ModelInfo, ...]) -> None:
        """Offer those of these models that can be used here."""
        blocker = QSignalBlocker(self._combo)
        self._combo.clear()
        self._combo.addItem(self.tr("The best installed"), "")
        for model in models:
            if model.installed and not model.unavailable:
                self._combo.addItem(labels.text(model.title), model.id)
        blocker.unblock()
        self.pick(self._wanted)

    def pick(self, model_id: str) -> None:
        """Show this model; the best installed while it is not there."""
        self._wanted = model_id
        blocker = QSignalBlocker(self._combo)
        self._combo.setCurrentIndex(max(0, self._combo.findData(model_id)))
        blocker.unblock()

    def model_id(self) -> str:
        """Return the picked model's id, empty for the best installed."""
        return str(self._combo.currentData())

    def _on_index(self, _index: int) -> None:
        self._wanted = self.model_id()
        self.picked.emit()
