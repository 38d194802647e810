"""A layer and a place on it to a `Source`: the layer's own file, or one drawn of its surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

from qgis.core import QgsPointXY, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QObject, QTimer

from ...backend.protocol.source import Source
from ..gis.kinds import Kind, kind_of
from ..gis.online import LayerRenderer
from ..gis.refused import Refused
from ..gis.source import source_of

Done = Callable[["Opened"], None]
Failed = Callable[[str], None]


@dataclass(frozen=True)
class Opened:
    """What to open. `extent` is the part the source covers in the layer's CRS, None for all of the layer."""

    source: Source
    notice: str = ""
    extent: Optional[QgsRectangle] = None


class SourceOpener(QObject):
    """The newest request wins: answers to earlier ones are dropped."""

    def __init__(self, renderer: LayerRenderer, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._turn = 0

    def request(
        self, layer: QgsRasterLayer, at: QgsPointXY, units_per_pixel: float, done: Done, failed: Failed
    ) -> None:
        """Call `done` or `failed` later; `at` and `units_per_pixel` (the canvas's) are in the layer's CRS."""
        self._turn += 1
        turn = self._turn

        def current(then: Callable[[Opened], None]) -> Callable[[Opened], None]:
            return lambda opened: then(opened) if turn == self._turn else None

        def refused(sentence: str) -> None:
            if turn == self._turn:
                failed(sentence)

        try:
            if kind_of(layer) is Kind.RENDERED:
                self._render(layer, at, units_per_pixel, current(done), refused)
            else:
                opened = Opened(source_of(layer))
                QTimer.singleShot(0, lambda: current(done)(opened))
        except Refused as error:
            sentence = str(error)
            QTimer.singleShot(0, lambda: refused(sentence))

    def cancel(self) -> None:
        """Drop what is under way."""
        self._turn += 1

    def _render(self, layer, at, units_per_pixel, done, failed) -> None:
        def rendered(source: Source, notice: str) -> None:
            extent = self._renderer.extent_of(source)
            done(Opened(source, notice, extent))

        self._renderer.request(layer, at, units_per_pixel, rendered, failed)
