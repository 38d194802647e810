"""What a compare slider paints over the map: a picture on a side of the line, the line, its handle and two names."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from ..gis.styles import DARK, LIGHT

ABOVE_EVERYTHING = 200.0
HANDLE = 11.0
"""Radius of the handle in pixels."""
PADDING, MARGIN = 4.0, 8.0

Picture = Tuple[QImage, Sequence[QgsPointXY]]
"""An image and where its corners lie on the map, from the upper left one clockwise."""


class SwipeItem(QgsMapCanvasItem):
    """Two sides of a line; the near one is on the left or above. A side without a picture shows the map itself."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._pictures: List[Optional[Picture]] = [None, None]
        self._captions = ("", "")
        self._share, self._upright = 0.5, True
        self.setZValue(ABOVE_EVERYTHING)

    def set_captions(self, near: str, far: str) -> None:
        """Name the sides; an empty name is not shown."""
        self._captions = near, far
        self.update()

    def set_line(self, share: float, upright: bool) -> None:
        """Place the line at a share of the canvas's width, or of its height where it is not upright."""
        self._share, self._upright = share, upright
        self.update()

    def set_picture(self, far: bool, picture: Optional[Picture]) -> None:
        """Show a picture on a side, None for the map itself."""
        self._pictures[far] = picture
        self.update()

    def boundingRect(self) -> QRectF:
        """Return more than the canvas: while a map is dragged, what is seen of its scene moves."""
        width, height = self._canvas.width(), self._canvas.height()
        return QRectF(-width, -height, 3 * width, 3 * height)

    def updatePosition(self) -> None:
        """Follow the map."""
        self.update()

    def paint(self, painter: QPainter, _option: object = None, _widget: object = None) -> None:
        """Draw the sides, then the line over them."""
        seen = QRectF(self._canvas.viewport().rect()).translated(self._canvas.mapToScene(0, 0) - self.pos())
        sides = self._sides(seen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for picture, side in zip(self._pictures, sides):
            if picture is not None:
                painter.save()
                painter.setClipRect(side)
                self._paint_picture(painter, *picture)
                painter.restore()
        self._paint_line(painter, sides[1])
        for caption, side, far in zip(self._captions, sides, (False, True)):
            if caption:
                self._paint_caption(painter, caption, side, far)

    def _sides(self, seen: QRectF) -> Tuple[QRectF, QRectF]:
        if self._upright:
            width = round(self._share * seen.width())
            near = QRectF(seen.left(), seen.top(), width, seen.height())
            return near, QRectF(seen.left() + width, seen.top(), seen.width() - width, seen.height())
        height = round(self._share * seen.height())
        near = QRectF(seen.left(), seen.top(), seen.width(), height)
        return near, QRectF(seen.left(), seen.top() + height, seen.width(), seen.height() - height)

    def _paint_picture(self, painter: QPainter, image: QImage, corners: Sequence[QgsPointXY]) -> None:
        """Draw a picture where its corners lie now: as it was drawn, or moved and stretched until a newer one comes."""
        ratio = image.devicePixelRatio()
        whole = QPolygonF(QRectF(0, 0, image.width() / ratio, image.height() / ratio))[:4]
        there = [self.toCanvasCoordinates(corner) - self.pos() for corner in corners]
        transform = QTransform()
        if QTransform.quadToQuad(QPolygonF(whole), QPolygonF(there), transform):
            painter.setTransform(transform, True)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QPointF(0, 0), image)

    def _paint_line(self, painter: QPainter, far: QRectF) -> None:
        start, end = far.topLeft(), far.bottomLeft() if self._upright else far.topRight()
        for colour, width in ((DARK, 4.0), (LIGHT, 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(start, end)
        painter.setPen(QPen(DARK, 1.5))
        painter.setBrush(LIGHT)
        middle = (start + end) / 2
        painter.drawEllipse(middle, HANDLE, HANDLE)
        for way in (-1, 1):
            painter.drawPolyline(QPolygonF([middle + self._turned(QPointF(way * x, y)) for x, y in _ARROW]))

    def _turned(self, offset: QPointF) -> QPointF:
        return offset if self._upright else QPointF(offset.y(), offset.x())

    def _paint_caption(self, painter: QPainter, text: str, side: QRectF, far: bool) -> None:
        """Write a side's name at its upper outer corner, in what room the side has."""
        lettering = painter.boundingRect(QRectF(), Qt.AlignmentFlag.AlignLeft, text)
        box = QRectF(0, 0, lettering.width() + 2 * PADDING, lettering.height() + 2 * PADDING)
        if far and self._upright:
            box.moveTopRight(side.topRight() + QPointF(-MARGIN, MARGIN))
        elif far:
            box.moveBottomLeft(side.bottomLeft() + QPointF(MARGIN, -MARGIN))
        else:
            box.moveTopLeft(side.topLeft() + QPointF(MARGIN, MARGIN))
        painter.save()
        painter.setClipRect(side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(DARK)
        painter.drawRoundedRect(box, PADDING, PADDING)
        painter.setPen(QColor("white"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()


_ARROW = ((4.0, -4.0), (8.0, 0.0), (4.0, 4.0))
"""Corners of the arrow that points away from the line, from the handle's middle."""
