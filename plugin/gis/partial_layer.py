"""What a running job has finished so far, on the map: one raster layer that is read again as it grows."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Optional, Tuple

from qgis.core import QgsDataProvider, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject

from ...backend.protocol.jobs import JobState
from .flipped import turned_over
from .refused import Refused

LONG_S, REST = 0.05, 20
"""What takes the main thread longer than this is done again only after so many times as long."""


class PartialLayer(QObject):
    """Shows `JobState.partial` until `remove`.

    `link` is where a VRT over it is written that is shown in its place, by `make_link`; by itself one that is turned
    over, for an image without georeference (`Frame.pixel`). `dress` gives the layer its look before it is added.
    """

    def __init__(
        self,
        title: str,
        link: Optional[Path],
        parent: QObject,
        dress: Callable[[QgsRasterLayer], None] = lambda _layer: None,
        make_link: Callable[[Path, Path], Path] = turned_over,
    ) -> None:
        super().__init__(parent)
        self._title, self._link, self._make_link, self._dress = title, link, make_link, dress
        self._layer_id = ""
        self._shown: Tuple[str, int] = ("", 0)
        self._not_before = 0.0

    def follow(self, state: JobState) -> None:
        """Show what is new since the last time; a job of several stages has a raster for each."""
        partial = state.partial
        if partial is None or not partial.done or not Path(partial.path).is_file():
            return
        path, done = self._shown
        if partial.path == path and (partial.done <= done or time.monotonic() < self._not_before):
            return
        self._shown, began = (partial.path, partial.done), time.thread_time()
        try:
            self._show(self._linked(Path(partial.path)), anew=partial.path != path)
        except Refused:  # it is a view of what comes anyway; perhaps the next part can be shown
            return
        took = time.thread_time() - began
        self._not_before = time.monotonic() + REST * took if took > LONG_S else 0.0

    def remove(self) -> None:
        """Take it off the map; what comes next is the whole result, or nothing."""
        if self._layer() is not None:
            QgsProject.instance().removeMapLayer(self._layer_id)
        self._layer_id = ""
        if self._link is not None:
            for path in (self._link, self._link.with_suffix(".qml")):  # the style may be that of other bands next time
                path.unlink(missing_ok=True)
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
            self._dress(layer)
            self._layer_id = layer.id()
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)

    def _linked(self, path: Path) -> Path:
        return path if self._link is None else self._make_link(path, self._link)

    def _layer(self) -> Optional[QgsRasterLayer]:
        return QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None
