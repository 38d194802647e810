"""The pixel grid on which a layer without a file is drawn: the same whatever is asked, so that parts share pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Tuple

from qgis.core import QgsPointXY, QgsRasterLayer, QgsRectangle

from .refused import Refused, tr

BLOCK = 512
"""Windows start at multiples of this, in pixels."""
WINDOW = 2048
"""Side of the part drawn around a click: a model's crop with room on each side."""


@dataclass(frozen=True)
class RenderWindow:
    """A rectangle of the grid, in pixels."""

    column: int
    row: int
    width: int
    height: int

    def contains(self, column: float, row: float, margin: int) -> bool:
        """Return whether a pixel lies inside, `margin` pixels from the edge."""
        across = self.column + margin <= column < self.column + self.width - margin
        return across and self.row + margin <= row < self.row + self.height - margin


@dataclass(frozen=True)
class RenderGrid:
    """A layer's native grid in its own CRS: upper left corner, size of a pixel, size in pixels."""

    x: float
    y: float
    step: float
    width: int
    height: int

    def column_row(self, point: QgsPointXY) -> Tuple[float, float]:
        """Return the fractional pixel at a position in the layer's CRS."""
        return (point.x() - self.x) / self.step, (self.y - point.y()) / self.step

    def extent(self, window: RenderWindow) -> QgsRectangle:
        """Return the ground a window covers."""
        left, top = self.x + window.column * self.step, self.y - window.row * self.step
        return QgsRectangle(left, top - window.height * self.step, left + window.width * self.step, top)

    def window_at(self, point: QgsPointXY, size: int = WINDOW) -> RenderWindow:
        """Return the window whose centre is nearest to `point`, within the grid.

        Raises:
            Refused: the point lies outside the layer.
        """
        column, row = self.column_row(point)
        if not (0 <= column < self.width and 0 <= row < self.height):
            raise Refused(tr("This place lies outside the layer; click inside it."))
        left, width = _span(column, size, self.width)
        top, height = _span(row, size, self.height)
        return RenderWindow(left, top, width, height)


def grid_of(layer: QgsRasterLayer, units_per_pixel: float) -> RenderGrid:
    """Return the grid for a canvas that shows `units_per_pixel` of the layer's units a pixel.

    Pixels are square. Tiled layers (XYZ, WMTS) give the tile matrix at least as fine as the canvas; rasters with a
    size of their own their own pixels; a WMS, which has no resolution, the next finer power of two.
    """
    extent = layer.extent()
    step = native_step(layer, units_per_pixel)
    if not (step > 0 and math.isfinite(step)) or extent.isEmpty() or not extent.isFinite():
        raise Refused(
            tr("“{}” does not say how large it is; save the part you need as a GeoTIFF.").format(layer.name())
        )
    width, height = (max(1, round(side / step)) for side in (extent.width(), extent.height()))
    return RenderGrid(extent.xMinimum(), extent.yMaximum(), step, width, height)


def native_step(layer: QgsRasterLayer, units_per_pixel: float) -> float:
    """Return the size of a pixel to draw, in the layer's units."""
    provider = layer.dataProvider()
    if provider.xSize() > 0:
        return float(layer.extent().width() / provider.xSize())
    matrices: List[float] = sorted(float(value) for value in provider.nativeResolutions())
    if matrices:
        # A canvas at exactly a matrix's scale differs from it by rounding alone.
        fine_enough = [value for value in matrices if value <= units_per_pixel * 1.001]
        return fine_enough[-1] if fine_enough else matrices[0]
    return float(2.0 ** math.floor(math.log2(units_per_pixel) + 0.001))


def _span(centre: float, size: int, limit: int) -> Tuple[int, int]:
    """Return start and length of the block-aligned span whose centre is nearest to `centre`."""
    start = max(0, round((centre - size / 2) / BLOCK) * BLOCK)
    if start + size > limit:
        start = max(0, math.ceil((limit - size) / BLOCK) * BLOCK)
    return start, min(size, limit - start)
