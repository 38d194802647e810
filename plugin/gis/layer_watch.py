"""Tells by id that a layer looks different or is gone; the layer object itself may be dead by then."""

from __future__ import annotations

from qgis.core import QgsMapLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal


class LayerWatch(QObject):
    """Watches one layer until `stop`."""

    changed = pyqtSignal(str)
    gone = pyqtSignal(str)

    def __init__(self, layer: QgsMapLayer, parent: QObject) -> None:
        super().__init__(parent)
        self._id = layer.id()
        layer.styleChanged.connect(self._changed)
        layer.willBeDeleted.connect(self._gone)

    def stop(self) -> None:
        """Send nothing any more; deleting a receiver is what disconnects it from a layer that may be dead."""
        self.blockSignals(True)
        self.deleteLater()

    def _changed(self) -> None:
        self.changed.emit(self._id)

    def _gone(self) -> None:
        self.gone.emit(self._id)
