"""What a running job has finished so far, on the map: one raster layer that is read again as it grows."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject

from ...backend.protocol.jobs import JobState
from ..gis.flipped import turned_over
from ..gis.refused import Refused


class PartialLayer(QObject):
    """Shows `JobState.partial` until `remove`.

    `turned` is where a VRT is written that turns it over, for an image without georeference (`Frame.pixel`).
    """

    def __init__(self, title: str, turned: Optional[Path], parent: QObject) -> None:
        super().__init__(parent)
        self._title, self._turned = title, turned
        self._layer_id = ""
        self._done = 0

    def follow(self, state: JobState) -> None:
        """Show what is new since the last time."""
        partial = state.partial
        if partial is None or partial.done <= self._done or not Path(partial.path).is_file():
            return
        self._done = partial.done
        try:
            path = self._shown(Path(partial.path))
        except Refused:  # it is a view of what comes anyway; perhaps the next part can be shown
            return
        layer = self._layer()
        if layer is None and not self._layer_id:
            layer = QgsRasterLayer(str(path), self._title)
            if layer.isValid():
                self._layer_id = layer.id()
                QgsProject.instance().addMapLayer(layer, False)
                QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        elif layer is not None:
            layer.reload()
            layer.triggerRepaint()

    def remove(self) -> None:
        """Take it off the map; what comes next is the whole result, or nothing."""
        if self._layer() is not None:
            QgsProject.instance().removeMapLayer(self._layer_id)
        self._layer_id = ""
        if self._turned is not None:
            self._turned.unlink(missing_ok=True)
        self.deleteLater()

    def _shown(self, path: Path) -> Path:
        return path if self._turned is None else turned_over(path, self._turned)

    def _layer(self) -> Optional[QgsRasterLayer]:
        return QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None
