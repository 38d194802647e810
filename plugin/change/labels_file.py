"""The layer that says what is where, as a file that the backend reads; made beside the main thread where needed."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional, Tuple
from uuid import uuid4

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorFileWriterTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject

from ..gis.change_labels import gdal_source, is_plain_file, turned_polygons, write_raster_labels
from ..gis.example_shapes import write_examples
from ..gis.kinds import local_path
from ..gis.refused import Refused
from ..state.background import Background

Done = Callable[[Path], None]
Failed = Callable[[str], None]
Size = Optional[Tuple[int, int]]


class LabelsFile(QObject):
    """One layer's file. `done(path)` or `failed(sentence)` is called, neither after `cancel`."""

    def __init__(
        self, layer: QgsMapLayer, column: str, size: Size, folder: Path, done: Done, failed: Failed, parent: QObject
    ) -> None:
        """Remember what is wanted.

        Args:
            layer: a raster of classes, or polygons.
            column: of the polygons' classes.
            size: columns and rows of an image without georeference (`Frame.pixel`): what QGIS shows on it is turned
                over; None for any other.
            folder: takes files that are made; theirs is the caller's to remove.
            done: is called with the file.
            failed: is called with a sentence.
            parent: keeps this object.
        """
        super().__init__(parent)
        self._layer, self._column, self._size = layer, column, size
        self._stem = folder / f"labels-{uuid4().hex}"
        self._done, self._failed = done, failed
        self._task: Optional[QgsVectorFileWriterTask] = None
        self._over = False

    def start(self) -> None:
        """Begin. Raises Refused where the layer can be no file."""
        layer = self._layer
        if isinstance(layer, QgsVectorLayer):
            self._write_polygons(layer)
        elif isinstance(layer, QgsRasterLayer) and is_plain_file(layer):
            self._finish(local_path(layer))
        else:
            source, crs = gdal_source(layer)
            target, size = self._stem.with_suffix(".tif"), self._size
            Background(
                lambda: write_raster_labels(source, crs, target, size), self._finish, lambda e: self._fail(str(e)), self
            )  # fmt: skip

    def cancel(self) -> None:
        """Stop; nobody is called."""
        self._over = True
        if self._task is not None:
            self._task.cancel()

    def tidy(self) -> None:
        """Remove what was made."""
        for suffix in (".tif", ".gpkg"):
            self._stem.with_suffix(suffix).unlink(missing_ok=True)

    def _write_polygons(self, layer: QgsVectorLayer) -> None:
        target = self._stem.with_suffix(".gpkg")
        if self._size is not None:
            self._finish(write_examples(target, "", turned_polygons(layer.getFeatures(), self._column)))
            return
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", "labels"
        options.layerOptions = ["FID=toposcope_fid"]  # a field of the layer's own may be called fid
        task = self._task = QgsVectorFileWriterTask(layer, str(target), options)
        task.completed.connect(lambda path, _layer: self._finish(Path(path)))
        task.errorOccurred.connect(lambda _code, text: self._fail(text or self.tr("Cancelled.")))
        QgsApplication.taskManager().addTask(task)

    def _finish(self, path: Optional[Path]) -> None:
        self._task = None
        if self._over:
            self.tidy()
        elif path is not None:
            self._done(path)

    def _fail(self, sentence: str) -> None:
        self._task = None
        if not self._over:
            self._failed(sentence)


def check_labels(layer: Optional[QgsMapLayer], column: str, sentence: str, unsaid: str) -> QgsMapLayer:
    """Return a layer that says what is where. Raises Refused with `sentence` without one, `unsaid` without column."""
    if layer is None:
        raise Refused(sentence)
    if isinstance(layer, QgsVectorLayer) and not column:
        raise Refused(unsaid)
    return layer
