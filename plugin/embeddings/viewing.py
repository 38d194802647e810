"""What of the map a question is about, in the coordinates of the vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas

from ...backend.protocol.asks import MOST_CELLS, AskInfo, View
from ...backend.protocol.prompts import Box
from ..gis.kinds import rows_go_down
from ..gis.source import Frame


def frame_of_vectors(info: AskInfo, path: Path) -> Frame:
    """Return what the coordinates of open embeddings mean; `path` is their file.

    Those of an image without georeference are columns and rows, which go down.
    """
    crs = QgsCoordinateReferenceSystem(info.crs) if info.crs else QgsCoordinateReferenceSystem()
    return Frame(crs, not info.crs and (info.count > 0 or rows_go_down(path)))


def shown_extent(box: Box, frame: Frame) -> QgsRectangle:
    """Return a box of the vectors as QGIS shows it."""
    ys = (-box.y0, -box.y1) if frame.pixel else (box.y0, box.y1)
    return QgsRectangle(min(box.x0, box.x1), min(ys), max(box.x0, box.x1), max(ys))


def extent_on_map(info: AskInfo, frame: Frame, canvas: QgsMapCanvas) -> Optional[QgsRectangle]:
    """Return where open embeddings lie on the map, None where it cannot show them."""
    to_map = QgsCoordinateTransform(frame.crs, canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        return to_map.transformBoundingBox(shown_extent(info.extent, frame))
    except QgsCsException:
        return None


def view_of(info: AskInfo, frame: Frame, canvas: QgsMapCanvas) -> Optional[View]:
    """Return the part of the embeddings that the map shows, None where it shows none of them."""
    settings = canvas.mapSettings()
    to_vectors = QgsCoordinateTransform(settings.destinationCrs(), frame.crs, QgsProject.instance())
    try:
        seen = to_vectors.transformBoundingBox(settings.visibleExtent())
    except QgsCsException:
        seen = shown_extent(info.extent, frame)  # a map of the whole globe: some of it has no place there
    size = settings.outputSize()
    part = seen.intersect(shown_extent(info.extent, frame))
    if part.isEmpty() or seen.isEmpty():
        return None
    columns, rows = (
        max(1, round(size.width() * part.width() / seen.width())),
        max(1, round(size.height() * part.height() / seen.height())),
    )
    while columns * rows > MOST_CELLS:
        columns, rows = columns // 2, rows // 2
    ys = (-part.yMaximum(), -part.yMinimum()) if frame.pixel else (part.yMinimum(), part.yMaximum())
    return View(Box(part.xMinimum(), ys[0], part.xMaximum(), ys[1]), columns, rows)
