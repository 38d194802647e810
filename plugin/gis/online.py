"""Layers without a file of their own (WMS, XYZ, WMTS, memory, VRT, palettes) as temporary GeoTIFFs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional

from qgis.core import QgsApplication, QgsPointXY, QgsRasterLayer, QgsRectangle, QgsTask
from qgis.PyQt.QtCore import QObject, QTimer

from ...backend.protocol.source import Source
from .geotiff import Picture, write_geotiff
from .layer_watch import LayerWatch
from .refused import Refused, tr
from .render_grid import RenderGrid, RenderWindow, grid_of
from .render_job import RenderJob
from .source import safe_name

MARGIN = 256
"""A window serves a click that has this many pixels of it on each side, or reaches the layer's edge."""
KEEP = 4
"""Windows kept on disk; the oldest unused one goes first."""

Done = Callable[[Source, str], None]
Failed = Callable[[str], None]


@dataclass
class _Entry:
    layer_id: str
    grid: RenderGrid
    window: RenderWindow
    source: Optional[Source] = None
    notice: str = ""
    job: Optional[RenderJob] = None
    task: Optional[QgsTask] = None
    waiting: List[tuple] = field(default_factory=list)


class LayerRenderer(QObject):
    """Draws the surroundings of a place and hands back a `Source`; never blocks, keeps the last few.

    `folder` holds the files; they go when a newer one takes their place, when the layer's look changes, with
    `forget` and with `close`.
    """

    def __init__(self, folder: Path, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._entries: List[_Entry] = []
        self._watches: Dict[str, LayerWatch] = {}

    def request(
        self, layer: QgsRasterLayer, at: QgsPointXY, units_per_pixel: float, done: Done, failed: Failed
    ) -> None:
        """Call `done(source, notice)` or `failed(sentence)` later with the part of `layer` around `at`.

        Args:
            at: in the layer's CRS.
            units_per_pixel: the canvas's resolution there, in the layer's units.

        Raises:
            Refused: the place lies outside the layer, or the layer has no extent.
        """
        grid = grid_of(layer, units_per_pixel)
        entry = self._serving(layer.id(), grid, at)
        if entry is None:
            entry = self._start(layer, grid, grid.window_at(at))
        elif entry.source is not None:
            self._entries.remove(entry)
            self._entries.append(entry)
            source, notice = entry.source, entry.notice
            QTimer.singleShot(0, lambda: done(source, notice))
            return
        entry.waiting.append((done, failed))

    def extent_of(self, source: Source) -> Optional[QgsRectangle]:
        """Return the ground a drawn source covers in its layer's CRS, None when it is gone."""
        entry = next((entry for entry in self._entries if entry.source == source), None)
        return None if entry is None else entry.grid.extent(entry.window)

    def forget(self, layer_id: str) -> None:
        """Stop drawing this layer and delete what was drawn of it; nobody waiting is called."""
        for entry in [entry for entry in self._entries if entry.layer_id == layer_id]:
            self._drop(entry)

    def close(self) -> None:
        """Stop everything and delete all files."""
        for entry in list(self._entries):
            self._drop(entry)
        for watch in self._watches.values():
            watch.stop()
        self._watches.clear()

    def _serving(self, layer_id: str, grid: RenderGrid, at: QgsPointXY) -> Optional[_Entry]:
        wanted = grid.window_at(at)
        column, row = grid.column_row(at)
        for entry in reversed(self._entries):
            near = entry.window == wanted or entry.window.contains(column, row, MARGIN)
            if near and (entry.layer_id, entry.grid) == (layer_id, grid):
                return entry
        return None

    def _start(self, layer: QgsRasterLayer, grid: RenderGrid, window: RenderWindow) -> _Entry:
        self._watch(layer)
        entry = _Entry(layer.id(), grid, window)
        entry.job = RenderJob(layer, grid, window, self)
        name = safe_name(layer.name())
        entry.job.done.connect(lambda picture, notice: self._write(entry, picture, name, notice))
        entry.job.failed.connect(lambda sentence: self._failed(entry, sentence))
        self._entries.append(entry)
        idle = [old for old in self._entries if old.source is not None]
        for old in idle[: max(0, len(self._entries) - KEEP)]:
            self._drop(old)
        entry.job.start()
        return entry

    def _write(self, entry: _Entry, picture: Picture, name: str, notice: str) -> None:
        path = self._folder / f"rendered-{uuid.uuid4().hex}.tif"
        source = Source(path=str(path), bands=(1, 2, 3), name=name, origin=(entry.window.column, entry.window.row))

        def write(_task: QgsTask) -> bool:
            write_geotiff(picture, path)
            return True

        def written(error: Optional[Exception], done: bool = False) -> None:
            if entry not in self._entries:
                path.unlink(missing_ok=True)
            elif not done:
                stopped = tr("Reading “{}” was interrupted; click again.").format(name)
                self._failed(entry, str(error) if isinstance(error, Refused) else stopped)
            else:
                self._ready(entry, source, notice)

        entry.task = QgsTask.fromFunction(name, write, on_finished=written)
        QgsApplication.taskManager().addTask(entry.task)

    def _ready(self, entry: _Entry, source: Source, notice: str) -> None:
        entry.source, entry.notice, entry.job, entry.task = source, notice, None, None
        waiting, entry.waiting = entry.waiting, []
        for done, _failed in waiting:
            done(source, notice)

    def _failed(self, entry: _Entry, sentence: str) -> None:
        if entry in self._entries:
            self._entries.remove(entry)
        for _done, failed in entry.waiting:
            failed(sentence)

    def _drop(self, entry: _Entry) -> None:
        self._entries.remove(entry)
        if entry.job is not None:
            entry.job.cancel()
        if entry.source is not None:
            Path(entry.source.path).unlink(missing_ok=True)

    def _watch(self, layer: QgsRasterLayer) -> None:
        if layer.id() not in self._watches:
            watch = LayerWatch(layer, self)
            watch.changed.connect(self._look_changed)
            watch.gone.connect(self._layer_gone)
            self._watches[layer.id()] = watch

    def _look_changed(self, layer_id: str) -> None:
        self._end_all(layer_id, tr("The layer's look changed while it was being read; click again."))

    def _layer_gone(self, layer_id: str) -> None:
        self._watches.pop(layer_id).stop()
        self._end_all(layer_id, tr("The layer was removed while it was being read."))

    def _end_all(self, layer_id: str, why: str) -> None:
        for entry in [entry for entry in self._entries if entry.layer_id == layer_id]:
            self._drop(entry)
            for _done, failed in entry.waiting:
                failed(why)
