"""A layer and a place on it to a `Source` the backend can open: by path, rendered, or uploaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple

from qgis.core import QgsPointXY, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QObject, QTimer

from ...backend.protocol.problem import Problem
from ...backend.protocol.source import Source
from ..client.client import Pending
from ..errors import user_error
from ..gis.kinds import Kind, kind_of
from ..gis.online import LayerRenderer
from ..gis.refused import Refused
from ..gis.source import source_of
from ..state.connection import Connection

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

    def __init__(self, connection: Connection, renderer: LayerRenderer, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._renderer = renderer
        self._turn = 0
        self._upload: Optional[Pending] = None
        self._uploaded: Dict[Tuple[str, int, str], str] = {}

    def request(
        self, layer: QgsRasterLayer, at: QgsPointXY, units_per_pixel: float, done: Done, failed: Failed
    ) -> None:
        """Call `done` or `failed` later; `at` and `units_per_pixel` (the canvas's) are in the layer's CRS."""
        self._turn += 1
        turn = self._turn
        if self._upload is not None:
            self._upload.abort()
            self._upload = None

        def current(then: Callable[[Opened], None]) -> Callable[[Opened], None]:
            return lambda opened: then(opened) if turn == self._turn else None

        def refused(sentence: str) -> None:
            if turn == self._turn:
                failed(sentence)

        try:
            if kind_of(layer) is Kind.RENDERED:
                self._render(
                    layer, at, units_per_pixel, current(lambda o: self._deliver(o, current(done), refused)), refused
                )
            else:
                opened = Opened(source_of(layer))
                QTimer.singleShot(0, lambda: current(lambda o: self._deliver(o, current(done), refused))(opened))
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

    def _deliver(self, opened: Opened, done: Done, failed: Failed) -> None:
        """Hand the source over, uploading its pixels first where the backend is on another machine."""
        endpoint = self._connection.endpoint()
        if endpoint is None or endpoint.loopback:
            done(opened)
            return
        path = Path(opened.source.path)
        key = (str(path), path.stat().st_mtime_ns, endpoint.url)

        def uploaded(upload: str) -> None:
            self._upload = None
            self._uploaded[key] = upload
            done(replace(opened, source=replace(opened.source, path="", upload=upload)))

        def not_uploaded(problem: Problem) -> None:
            self._upload = None
            error = user_error(problem)
            failed(f"{error.sentence} {error.action}")

        if key in self._uploaded:
            uploaded(self._uploaded[key])
            return
        client = self._connection.client
        self._upload = client.upload(path, uploaded, not_uploaded, lambda _done, _total: None)
