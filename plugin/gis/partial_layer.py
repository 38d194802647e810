"""What a running job has finished so far, on the map: one raster layer that is read again as it grows."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional, Tuple

from qgis.core import QgsDataProvider, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject

from ...backend.protocol.jobs import JobState
from .flipped import turned_over
from .refused import Refused


class PartialLayer(QObject):
    """Shows `JobState.partial` until `remove`.

    `turned` is where a VRT is written that turns it over, for an image without georeference (`Frame.pixel`). `dress`
    is called once, with the layer, before it is added.
    """

    def __init__(
        self,
        title: str,
        turned: Optional[Path],
        parent: QObject,
        dress: Optional[Callable[[QgsRasterLayer], None]] = None,
    ) -> None:
        super().__init__(parent)
        self._title, self._turned, self._dress = title, turned, dress
        self._layer_id = ""
        self._shown: Tuple[str, int] = ("", 0)

    def follow(self, state: JobState) -> None:
        """Show what is new since the last time; a job of several stages has a raster for each."""
        partial = state.partial
        if partial is None or not partial.done or not Path(partial.path).is_file():
            return
        path, done = self._shown
        if partial.path == path and partial.done <= done:
            return
        self._shown = partial.path, partial.done
        try:
            self._show(self._turn(Path(partial.path)), anew=partial.path != path)
        except Refused:  # it is a view of what comes anyway; perhaps the next part can be shown
            return

    def remove(self) -> None:
        """Take it off the map; what comes next is the whole result, or nothing."""
        if self._layer() is not None:
            QgsProject.instance().removeMapLayer(self._layer_id)
        self._layer_id = ""
        if self._turned is not None:
            self._turned.unlink(missing_ok=True)
        self.deleteLater()

    def _show(self, path: Path, anew: bool) -> None:
        layer = self._layer()
        if layer is None and not self._layer_id:
            self._add(QgsRasterLayer(str(path), self._title))
        elif layer is not None:
            if anew:
                layer.setDataSource(str(path), layer.name(), "gdal", QgsDataProvider.ProviderOptions())
            layer.reload()
            layer.triggerRepaint()

    def _add(self, layer: QgsRasterLayer) -> None:
        if layer.isValid():
            if self._dress is not None:
                self._dress(layer)
            self._layer_id = layer.id()
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)

    def _turn(self, path: Path) -> Path:
        return path if self._turned is None else turned_over(path, self._turned)

    def _layer(self) -> Optional[QgsRasterLayer]:
        return QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None
