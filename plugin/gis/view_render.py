"""The map as a canvas shows it, with other layers: drawn beside the main thread."""

from __future__ import annotations

from functools import partial
from typing import Optional, Sequence, Set

from qgis.core import QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsPointXY
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QImage


class ViewRender(QObject):
    """Draws one view at a time; a newer one takes the place of one under way.

    `drawn(QImage, corners)` carries the picture and where its corners lie in the view's CRS: four `QgsPointXY`, from
    the upper left one clockwise.
    """

    drawn = pyqtSignal(object, object)

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._job: Optional[QgsMapRendererParallelJob] = None

    @property
    def busy(self) -> bool:
        """Return whether a picture is on its way."""
        return self._job is not None

    def render(self, view: QgsMapSettings, layers: Sequence[QgsMapLayer]) -> None:
        """Draw `layers`, from the top down, as `view` says else."""
        self.cancel()
        settings = QgsMapSettings(view)
        settings.setLayers(list(layers))
        job = self._job = QgsMapRendererParallelJob(settings)
        job.finished.connect(lambda: self._on_finished(job))
        job.start()

    def cancel(self) -> None:
        """Draw no more; no signal follows."""
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect()
            _leave(job)

    def _on_finished(self, job: QgsMapRendererParallelJob) -> None:
        self._job = None
        image: QImage = job.renderedImage()
        self.drawn.emit(image, _corners(job.mapSettings()))
        job.deleteLater()


def _leave(job: QgsMapRendererParallelJob) -> None:
    """Let a job end by itself, which may outlive who asked for it: deleting it now would wait for that."""
    if job.isActive():
        _stopping.add(job)
        job.finished.connect(partial(_stopping.discard, job))
        job.cancelWithoutBlocking()


_stopping: Set[QgsMapRendererParallelJob] = set()
"""Jobs that were cancelled and have not ended yet."""


def _corners(view: QgsMapSettings) -> Sequence[QgsPointXY]:
    """Return where the picture's corners lie on the map, which may be turned."""
    size, to_map = view.outputSize(), view.mapToPixel()
    ends = ((0, 0), (size.width(), 0), (size.width(), size.height()), (0, size.height()))
    return [to_map.toMapCoordinates(x, y) for x, y in ends]
