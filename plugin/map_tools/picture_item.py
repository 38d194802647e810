"""A picture over the map where its extent lies, also in another CRS than the map's: no layer, nothing is drawn anew."""

from __future__ import annotations

from typing import List, Optional, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QImage, QPainter, QPolygonF, QTransform

PARTS = 16
"""Columns and rows of parts that a picture in another CRS is placed in, each by its corners."""
BELOW_MARKERS = -1.0


class PictureItem(QgsMapCanvasItem):
    """Shows one picture, or nothing."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image: Optional[QImage] = None
        self._extent, self._crs = QgsRectangle(), QgsCoordinateReferenceSystem()
        self._placed: Optional[QImage] = None
        self._smooth = False
        self.setZValue(BELOW_MARKERS)
        canvas.destinationCrsChanged.connect(self._forget)

    def set_picture(
        self, image: Optional[QImage], extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, smooth: bool = False
    ) -> None:
        """Show an image that covers `extent` of `crs`, north up; None shows nothing."""
        self._image, self._extent, self._crs, self._smooth = image, QgsRectangle(extent), crs, smooth
        self._forget()

    def close(self) -> None:
        """Take it off the canvas for good."""
        self._canvas.destinationCrsChanged.disconnect(self._forget)
        self._canvas.scene().removeItem(self)

    def boundingRect(self) -> QRectF:
        """Return the whole canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """Follow the map: a canvas that is dragged only moves what was placed."""
        there = self._canvas.center()
        moved = self.toCanvasCoordinates(there) - self._canvas_point(there)
        self.setPos(moved)
        if moved.isNull():
            self._forget()

    def paint(self, painter: QPainter, _option: object = None, _widget: object = None) -> None:
        """Draw it."""
        if self._image is None:
            return
        if self._placed is None:
            self._placed = self._place(self._image)
        painter.drawImage(0, 0, self._placed)

    def _forget(self) -> None:
        self._placed = None
        self.update()

    def _place(self, image: QImage) -> QImage:
        """Return the image as it lies on the canvas, part by part; parts overwrite, so that no seam shows."""
        size = self._canvas.mapSettings().outputSize()
        placed = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        placed.fill(Qt.GlobalColor.transparent)
        painter = QPainter(placed)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        for source, corners in self._parts(image):
            transform = QTransform()
            quad = QPolygonF([source.topLeft(), source.topRight(), source.bottomRight(), source.bottomLeft()])
            if QTransform.quadToQuad(quad, corners, transform):
                painter.setTransform(transform)
                painter.drawImage(source, image, source)
        painter.end()
        return placed

    def _parts(self, image: QImage) -> List[Tuple[QRectF, QPolygonF]]:
        """Return parts of the image and where their corners come to lie on the canvas."""
        destination = self._canvas.mapSettings().destinationCrs()
        to_map = QgsCoordinateTransform(self._crs, destination, QgsProject.instance().transformContext())
        count = 1 if to_map.isShortCircuited() else PARTS
        xs = [image.width() * index / count for index in range(count + 1)]
        ys = [image.height() * index / count for index in range(count + 1)]
        nodes = [[self._node(image, x, y, to_map) for x in xs] for y in ys]
        parts = []
        for row in range(count):
            for column in range(count):
                above, below = nodes[row][column : column + 2], nodes[row + 1][column : column + 2]
                corners = [above[0], above[1], below[1], below[0]]
                if all(corner is not None for corner in corners):
                    source = QRectF(QPointF(xs[column], ys[row]), QPointF(xs[column + 1], ys[row + 1]))
                    parts.append((source, QPolygonF(corners)))
        return parts

    def _node(self, image: QImage, x: float, y: float, to_map: QgsCoordinateTransform) -> Optional[QPointF]:
        there = QgsPointXY(
            self._extent.xMinimum() + self._extent.width() * x / image.width(),
            self._extent.yMaximum() - self._extent.height() * y / image.height(),
        )
        try:
            return self._canvas_point(to_map.transform(there))
        except QgsCsException:  # the map cannot show that place
            return None

    def _canvas_point(self, at: QgsPointXY) -> QPointF:
        return self._canvas.getCoordinateTransform().transform(at).toQPointF()
