"""Where a preview lies: whole windows of the run's own lattice, so that no window is painted for a part of it."""

from __future__ import annotations

import math

from qgis.core import QgsPointXY, QgsRectangle

from .estimate import SECONDS, WINDOW

PATIENCE_S = 12
"""How long the last level of a preview may take, as far as is known."""
MOST = 8
"""Windows along its side."""
INSET = 0.25
"""Of a source pixel: whoever rounds outwards takes no further one."""


def windows_across(steps: int, rate: float) -> int:
    """Return how many windows along the side can be painted in a few seconds."""
    return max(1, min(MOST, math.floor(math.sqrt(PATIENCE_S / (steps * (rate or SECONDS))) + 1e-9)))


def square_at(
    centre: QgsPointXY, extent: QgsRectangle, step: float, scale: int, across: int, anchored: bool
) -> QgsRectangle:
    """Return the square of `across` windows a side that is nearest to `centre`, in the source's CRS.

    Args:
        centre: in the source's CRS.
        extent: of the source.
        step: width of its pixels.
        scale: of the result.
        across: windows.
        anchored: the lattice goes through the CRS's origin, as that of a georeferenced source does; else through the
            source's upper left corner.
    """
    side = WINDOW * step / scale
    left, top = extent.xMinimum(), extent.yMaximum()
    right_of, below = (round(left / step) * step, round(-top / step) * step) if anchored else (0.0, 0.0)
    column = round((centre.x() - left + right_of) / side - across / 2)
    row = round((top - centre.y() + below) / side - across / 2)
    x, y, inset = left - right_of + column * side, top + below - row * side, INSET * step
    return QgsRectangle(x + inset, y - across * side + inset, x + across * side - inset, y - inset)
