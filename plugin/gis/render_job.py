"""Draws a part of a layer in the background and looks whether all of it arrived."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor

from .geotiff import Picture, picture_of
from .refused import tr
from .render_grid import RenderGrid, RenderWindow

PAUSES_MS = (300, 600, 1200, 2400)
"""Waits before the second, third... rendering. After the last, holes are taken for what the layer has there."""


class RenderJob(QObject):
    """One window of one layer, drawn until complete.

    A tile that is late or failed leaves a transparent hole. A rendering without holes and errors is complete; one
    with holes is repeated after a pause, and is believed once two in a row are equal and the server had
    `len(PAUSES_MS)` chances. `done` carries the `Picture` and a notice (empty when complete).
    """

    done = pyqtSignal(object, str)
    failed = pyqtSignal(str)

    def __init__(
        self, layer: QgsRasterLayer, grid: RenderGrid, window: RenderWindow, parent: Optional[QObject] = None
    ) -> None:
        super().__init__(parent)
        self._name = layer.name()
        self._wkt = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL)
        self._grid, self._window = grid, window
        self._settings = _settings(layer, grid, window)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render)
        self._job: Optional[QgsMapRendererParallelJob] = None
        self._best: Optional[Picture] = None
        self._task: Optional[QgsTask] = None
        self._tries = 0
        self._over = False

    def start(self) -> None:
        """Begin; signals follow."""
        self._render()

    def cancel(self) -> None:
        """Stop; no signal follows."""
        self._end()

    def _render(self) -> None:
        self._tries += 1
        self._job = QgsMapRendererParallelJob(self._settings)
        self._job.finished.connect(self._rendered)
        self._job.start()

    def _rendered(self) -> None:
        if self._over or self._job is None:
            return
        image, errors = self._job.renderedImage(), self._job.errors()
        self._job = None
        extent, step, wkt = self._grid.extent(self._window), self._grid.step, self._wkt

        def look(_task: QgsTask) -> Picture:
            return picture_of(image, extent.xMinimum(), extent.yMaximum(), step, wkt)

        def looked(error: Optional[Exception], picture: Optional[Picture] = None) -> None:
            if self._over:
                return
            if picture is None:
                self._fail(tr("“{}” could not be drawn; try again."))
            else:
                self._judge(picture, bool(errors))

        self._task = QgsTask.fromFunction(self._name, look, on_finished=looked)
        QgsApplication.taskManager().addTask(self._task)

    def _judge(self, picture: Picture, errors: bool) -> None:
        before, self._best = self._best, _better(self._best, picture)
        if not picture.holes and not errors:
            self._finish("")
        elif self._tries <= len(PAUSES_MS):
            self._timer.start(PAUSES_MS[self._tries - 1])
        elif self._best.holes == self._best.width * self._best.height:
            self._fail(tr("Nothing of “{}” arrived; check the connection and that the layer covers this place."))
        else:
            self._finish(self._notice(before is not None and before.data == self._best.data))

    def _notice(self, settled: bool) -> str:
        share = 100 * self._best.holes / (self._best.width * self._best.height)
        text = (
            tr("{:.1f} % of the part of “{}” that is read stayed empty; it is treated as no data.")
            if settled
            else tr("{:.1f} % of the part of “{}” that is read did not arrive; objects there may be incomplete.")
        )
        return str(text.format(share, self._name))

    def _finish(self, notice: str) -> None:
        picture = self._best
        self._end()
        self.done.emit(picture, notice)

    def _fail(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence.format(self._name))

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._timer.stop()
        if self._job is not None:
            self._job.finished.disconnect(self._rendered)
            self._job.cancelWithoutBlocking()
        self.deleteLater()


def _better(before: Optional[Picture], now: Picture) -> Picture:
    """Return the rendering with fewer holes, the newer one of equals."""
    return now if before is None or now.holes <= before.holes else before


def _settings(layer: QgsRasterLayer, grid: RenderGrid, window: RenderWindow) -> QgsMapSettings:
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setOutputSize(QSize(window.width, window.height))
    settings.setOutputDpi(96)
    settings.setExtent(grid.extent(window))
    settings.setBackgroundColor(QColor(Qt.GlobalColor.transparent))
    settings.setFlag(QgsMapSettings.Flag.RenderPreviewJob, False)
    settings.setFlag(QgsMapSettings.Flag.Antialiasing, False)
    return settings
