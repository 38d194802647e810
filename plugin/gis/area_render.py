"""An area of a layer without a file of its own (WMS, XYZ, virtual rasters) as one temporary GeoTIFF."""

from __future__ import annotations

import math
import uuid
from pathlib import Path
from typing import Callable, Optional, Tuple

from qgis.core import QgsApplication, QgsRasterLayer, QgsRectangle, QgsTask
from qgis.PyQt.QtCore import QObject

from ...backend.protocol.source import Source
from .geotiff import Picture, write_geotiff
from .refused import Refused, tr
from .render_grid import BLOCK, RenderGrid, RenderWindow, grid_of
from .render_job import RenderJob
from .source import safe_name

LARGEST = 8192
"""Pixels a side that are drawn at once: an image of 256 MB."""

Done = Callable[[Source, str], None]
Failed = Callable[[str], None]


class AreaRender(QObject):
    """One area, drawn once. `done(source, notice)` or `failed(sentence)` is called later, neither after `cancel`."""

    def __init__(
        self,
        layer: QgsRasterLayer,
        area: QgsRectangle,
        units_per_pixel: float,
        folder: Path,
        done: Done,
        failed: Failed,
        parent: Optional[QObject] = None,
    ) -> None:
        """Start drawing `area` (the layer's CRS) at least as fine as `units_per_pixel`.

        Raises:
            Refused: the area lies outside the layer or is too large to be drawn.
        """
        super().__init__(parent)
        self._name, self._done, self._failed = safe_name(layer.name()), done, failed
        grid = grid_of(layer, units_per_pixel)
        self._window = _window(grid, area)
        self._path = folder / f"area-{uuid.uuid4().hex}.tif"
        self._task: Optional[QgsTask] = None
        self._over = False
        self._job = RenderJob(layer, grid, self._window, self)
        self._job.done.connect(self._on_drawn)
        self._job.failed.connect(self._fail)
        self._job.start()

    def cancel(self) -> None:
        """Stop; nobody is called."""
        if not self._over:
            self._over = True
            if self._task is None:
                self._job.cancel()

    def _on_drawn(self, picture: Picture, notice: str) -> None:
        if self._over:
            return
        path = self._path

        def write(_task: QgsTask) -> bool:
            write_geotiff(picture, path)
            return True

        def written(error: Optional[Exception], done: bool = False) -> None:
            if self._over:
                path.unlink(missing_ok=True)
            elif not done:
                self._fail(str(error) if isinstance(error, Refused) else tr("“{}” could not be drawn; try again."))
            else:
                self._finish(notice)

        self._task = QgsTask.fromFunction(self._name, write, on_finished=written)
        QgsApplication.taskManager().addTask(self._task)

    def _finish(self, notice: str) -> None:
        self._over = True
        origin = (self._window.column, self._window.row)
        self._done(Source(path=str(self._path), bands=(1, 2, 3), name=self._name, origin=origin), notice)

    def _fail(self, sentence: str) -> None:
        if not self._over:
            self._over = True
            self._failed(sentence.format(self._name))


def _window(grid: RenderGrid, area: QgsRectangle) -> RenderWindow:
    """Return the part of the grid that holds `area`, from one block line to another."""
    left, right = _span(area.xMinimum() - grid.x, area.xMaximum() - grid.x, grid.step, grid.width)
    top, bottom = _span(grid.y - area.yMaximum(), grid.y - area.yMinimum(), grid.step, grid.height)
    if left >= right or top >= bottom:
        raise Refused(tr("This area lies outside the layer; choose another one."))
    if max(right - left, bottom - top) > LARGEST:
        raise Refused(
            tr("This area is too large to be drawn from the layer; zoom in, or save the part you need as a GeoTIFF.")
        )
    return RenderWindow(left, top, right - left, bottom - top)


def _span(near: float, far: float, step: float, limit: int) -> Tuple[int, int]:
    first = max(0, math.floor(near / step / BLOCK) * BLOCK)
    return first, min(limit, math.ceil(far / step / BLOCK) * BLOCK)
