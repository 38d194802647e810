"""Pick a model: size, licence, speed, where it runs, installed or not, and the buttons to get it."""

from __future__ import annotations

from typing import Optional, Tuple

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Device, ModelInfo
from ..state.catalog import Catalog
from . import labels
from .licences import licence_warning


class ModelPicker(QWidget):
    """Emits `picked(model id)`, and `download_asked` / `import_asked` for one that is not installed."""

    picked = pyqtSignal(str)
    download_asked = pyqtSignal(str)
    import_asked = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._models: Tuple[ModelInfo, ...] = ()
        self._device: Optional[Device] = None
        self._combo = QComboBox()
        self._combo.setObjectName("model")
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setObjectName("modelAbout")
        self._download = QPushButton(self.tr("Download…"))
        self._import = QPushButton(self.tr("Import from file…"))
        self._buttons = QWidget()
        row = QVBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._download)
        row.addWidget(self._import)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._combo, self._about, self._buttons):
            column.addWidget(widget)
        self._combo.currentIndexChanged.connect(self._on_index)
        self._download.clicked.connect(lambda: self.download_asked.emit(self.model_id()))
        self._import.clicked.connect(lambda: self.import_asked.emit(self.model_id()))
        self._show_about()

    def offer(self, catalog: Catalog, task: str, remembered: str) -> None:
        """Show the models of a task: the picked one stays, at first `remembered` is, where it can be used."""
        current = self.model_id() or remembered
        self.set_models(catalog.models(task), catalog.device, catalog.choose(task, current))

    def set_models(self, models: Tuple[ModelInfo, ...], device: Device, current: str) -> None:
        """Show these models, keeping `current` picked where it is among them."""
        changed = [m.id for m in models] != [m.id for m in self._models]
        self._models, self._device = tuple(models), device
        self._combo.blockSignals(True)
        if changed:
            self._combo.clear()
            for model in models:
                self._combo.addItem(labels.text(model.title), model.id)
        self._combo.setCurrentIndex(max(0, self._combo.findData(current)))
        self._combo.blockSignals(False)
        self._show_about()

    def pick(self, model_id: str) -> None:
        """Pick a model as a person would."""
        self._combo.setCurrentIndex(self._combo.findData(model_id))

    def model_id(self) -> str:
        """Return the picked model's id, empty when there is none."""
        return self._combo.currentData() or ""

    def model(self) -> Optional[ModelInfo]:
        """Return the picked model."""
        return next((m for m in self._models if m.id == self.model_id()), None)

    def _on_index(self, _index: int) -> None:
        self._show_about()
        self.picked.emit(self.model_id())

    def _show_about(self) -> None:
        model = self.model()
        self._buttons.setVisible(bool(model and not model.installed and not model.unavailable))
        self._download.setVisible(bool(model and model.downloadable))
        self._about.setText(self._describe(model, self._device) if model else "")

    def _describe(self, model: ModelInfo, device: Optional[Device]) -> str:
        parts = [labels.text(model.speed)] if not device or device.kind == "cpu" else [device.name]
        if model.size:
            parts.append(labels.file_size(model.size))
        warning = licence_warning(model)
        if model.licence and not warning:
            parts.append(labels.text(model.licence))
        if model.ships:
            parts.append(self.tr("comes with Toposcope"))
        elif model.unavailable:
            parts.append(labels.text(model.unavailable))
        else:
            parts.append(self.tr("installed") if model.installed else self.tr("not installed"))
        if model.gated:
            parts.append(self.tr("gated: needs a hub token"))
        lines = (warning, labels.text(model.summary), " · ".join(parts))
        return "\n".join(line for line in lines if line)
