"""How the image is read: as the layer is shown, or with bands and stretch chosen here; and on which device."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterable, Optional, Tuple

from qgis.core import QgsMapLayer
from qgis.gui import QgsRasterBandComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QWidget

from ...backend.protocol.source import Source, Stretch
from ..gis.kinds import Kind, kind_of
from ..gis.refused import Refused
from .accessible import add_named_row

AS_SHOWN, CHOSEN = "as-shown", "chosen"
PERCENTILES, RANGE = "percentiles", "range"
LIMIT = 1e12
NARROW = 70
"""Pixels; on its own a box is as wide as the longest number it takes."""


class SourceOptions(QWidget):
    """`changed` fires when the image has to be opened anew, `device_changed` with `auto`, `cpu` or `cuda`."""

    changed = pyqtSignal()
    device_changed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._mode = _combo(
            "bandMode", ((self.tr("As the layer is shown"), AS_SHOWN), (self.tr("Chosen here"), CHOSEN))
        )
        self._bands = [QgsRasterBandComboBox() for _ in range(3)]
        stretches = ((self.tr("2nd to 98th percentile"), PERCENTILES), (self.tr("From, to"), RANGE))
        self._stretch = _combo("stretch", stretches)
        self._low, self._high = _number("stretchLow", 0), _number("stretchHigh", 255)
        devices = ((self.tr("Choose for me"), "auto"), ("CPU", "cpu"), ("NVIDIA CUDA", "cuda"))
        self._device = _combo("device", devices)
        self._build()
        self._mode.currentIndexChanged.connect(self._on_changed)
        self._stretch.currentIndexChanged.connect(self._on_changed)
        for band in self._bands:
            band.setShowNotSetOption(False)
            band.bandChanged.connect(self._on_changed)
        for number in (self._low, self._high):
            number.valueChanged.connect(self._on_changed)
        self._device.currentIndexChanged.connect(lambda _: self.device_changed.emit(self._device.currentData()))
        self._show()

    def set_layer(self, layer: Optional[QgsMapLayer]) -> None:
        """Offer this layer's bands; layers that QGIS draws are read as they are shown."""
        choosable = _by_reference(layer)
        self._mode.setEnabled(choosable)
        self._mode.blockSignals(True)
        self._mode.setCurrentIndex(0)
        self._mode.blockSignals(False)
        for index, band in enumerate(self._bands):
            band.blockSignals(True)
            band.setLayer(layer if choosable else None)
            band.setBand(min(index + 1, layer.bandCount()) if choosable else -1)
            band.blockSignals(False)
        self._show()

    def set_device(self, device: str) -> None:
        """Show the remembered device."""
        self._device.blockSignals(True)
        self._device.setCurrentIndex(self._device.findData(device))
        self._device.blockSignals(False)

    def apply(self, source: Source) -> Source:
        """Return `source` with what was chosen here; untouched where it is read as shown."""
        if self._mode.currentData() == AS_SHOWN:
            return source
        ranged = self._stretch.currentData() == RANGE
        stretch = (Stretch(self._low.value(), self._high.value()),) * 3 if ranged else ()
        return replace(source, bands=tuple(band.currentBand() for band in self._bands), stretch=stretch)

    def _build(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addRow(self.tr("Bands and stretch"), self._mode)
        for label, band in zip((self.tr("Red"), self.tr("Green"), self.tr("Blue")), self._bands):
            add_named_row(self._form, label, band)
        self._form.addRow(self.tr("Stretch"), self._stretch)
        self._range = QWidget()
        row = QHBoxLayout(self._range)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._low)
        row.addWidget(self._high)
        add_named_row(self._form, self.tr("Darkest, brightest"), self._range)
        self._form.addRow(self.tr("Device"), self._device)

    def _on_changed(self, *_value: object) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = self._mode.currentData() == CHOSEN
        for widget in (*self._bands, self._stretch):
            self._set_row_visible(widget, chosen)
        self._set_row_visible(self._range, chosen and self._stretch.currentData() == RANGE)

    def _set_row_visible(self, widget: QWidget, visible: bool) -> None:
        widget.setVisible(visible)
        self._form.labelForField(widget).setVisible(visible)


def _by_reference(layer: Optional[QgsMapLayer]) -> bool:
    try:
        return layer is not None and kind_of(layer) is Kind.REFERENCE
    except Refused:
        return False


def _combo(name: str, items: Iterable[Tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for text, value in items:
        combo.addItem(text, value)
    return combo


def _number(name: str, value: float) -> QDoubleSpinBox:
    editor = QDoubleSpinBox()
    editor.setObjectName(name)
    editor.setDecimals(4)
    editor.setMinimumWidth(NARROW)
    editor.setRange(-LIMIT, LIMIT)
    editor.setValue(value)
    editor.setKeyboardTracking(False)
    return editor
