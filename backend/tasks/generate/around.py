"""What lies under a unit and around it, without holes: what windows of the unit look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

from .before import Before

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Around:
    """A square of the picture before, from the absolute pixel (`col`, `row`) on.

    Attributes:
        picture: (h, w, 3).
        valid: (h, w), False in holes and beyond the picture.
        shown: (h, w), what of it the result has.
    """

    col: int
    row: int
    picture: Picture
    valid: Mask
    shown: Mask

    def within(self, col: int, row: int, side: int) -> Around:
        """Return the square of `side` pixels from the absolute pixel (`col`, `row`) on."""
        here = np.s_[row - self.row : row - self.row + side, col - self.col : col - self.col + side]
        return Around(col, row, self.picture[here], self.valid[here], self.shown[here])

    @property
    def filled(self) -> Picture:
        """Return the picture with the colour of the nearest pixel with data in holes."""
        from scipy.ndimage import distance_transform_edt

        if self.valid.all() or not self.valid.any():
            return self.picture
        rows, columns = distance_transform_edt(~self.valid, return_distances=False, return_indices=True)
        return np.asarray(self.picture[rows, columns])


def read_around(before: Before, col: int, row: int, side: int) -> Around:
    """Return the square of `side` pixels from the absolute pixel (`col`, `row`) on. Raises as `before.read`."""
    left, top = col - before.place[0], row - before.place[1]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side, before.grid.width), min(top + side, before.grid.height)
    empty = np.zeros((side, side), np.bool_)
    found = Around(col, row, np.zeros((side, side, 3), np.uint8), empty, empty.copy())
    here = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    found.picture[here], found.valid[here], found.shown[here] = before.read(Window(x0, y0, x1 - x0, y1 - y0))
    return found
