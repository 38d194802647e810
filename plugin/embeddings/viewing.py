"""What of the map a question is about, in the coordinates of the vectors."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas

from ...backend.protocol.asks import MOST_CELLS, AskInfo, View
from ...backend.protocol.prompts import Box


def crs_of(info: AskInfo) -> QgsCoordinateReferenceSystem:
    """Return the CRS of open embeddings.

    An image without georeference has none; its embeddings lie where QGIS shows the image, and have none either.
    """
    return QgsCoordinateReferenceSystem(info.crs) if info.crs else QgsCoordinateReferenceSystem()


def rectangle_of(box: Box) -> QgsRectangle:
    """Return a box as QGIS's rectangle."""
    return QgsRectangle(min(box.x0, box.x1), min(box.y0, box.y1), max(box.x0, box.x1), max(box.y0, box.y1))


def extent_on_map(info: AskInfo, canvas: QgsMapCanvas) -> Optional[QgsRectangle]:
    """Return where open embeddings lie on the map, None where it cannot show them."""
    to_map = QgsCoordinateTransform(crs_of(info), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        return to_map.transformBoundingBox(rectangle_of(info.extent))
    except QgsCsException:
        return None


def view_of(info: AskInfo, canvas: QgsMapCanvas) -> Optional[View]:
    """Return the part of the embeddings that the map shows, None where it shows none of them."""
    settings = canvas.mapSettings()
    to_vectors = QgsCoordinateTransform(settings.destinationCrs(), crs_of(info), QgsProject.instance())
    try:
        seen = to_vectors.transformBoundingBox(settings.visibleExtent())
    except QgsCsException:
        seen = rectangle_of(info.extent)  # a map of the whole globe: some of it has no place there
    size = settings.outputSize()
    part = seen.intersect(rectangle_of(info.extent))
    if part.isEmpty() or seen.isEmpty():
        return None
    columns, rows = (
        max(1, round(size.width() * part.width() / seen.width())),
        max(1, round(size.height() * part.height() / seen.height())),
    )
    while columns * rows > MOST_CELLS:
        columns, rows = columns // 2, rows // 2
    return View(Box(part.xMinimum(), part.yMinimum(), part.xMaximum(), part.yMaximum()), columns, rows)
