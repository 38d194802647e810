"""The source under a unit and around it, without holes: what windows of the unit look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.tasks.ground.data import read_data


@dataclass(frozen=True)
class Around:
    """A part of the source from the absolute pixel (`col`, `row`) on.

    Attributes:
        picture: (h, w, 3); holes have the colour of the nearest pixel with data.
        valid: (h, w), False in holes and beyond the source.
    """

    col: int
    row: int
    picture: NDArray[np.uint8]
    valid: NDArray[np.bool_]

    def part(self, col: int, row: int, side: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Return picture and data of a square from the absolute pixel (`col`, `row`) on."""
        here = np.s_[row - self.row : row - self.row + side, col - self.col : col - self.col + side]
        return self.picture[here], self.valid[here]


def read_around(reader: SourceReader, first: tuple[int, int], col: int, row: int, side: int) -> Around:
    """Return the square of `side` pixels from the absolute pixel (`col`, `row`) on.

    `first` is the absolute place of the source's first pixel. What is returned depends on the square alone.
    """
    left, top = col - first[0], row - first[1]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side, reader.grid.width), min(top + side, reader.grid.height)
    picture, valid = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.bool_)
    crop = read_data(reader, Window(x0, y0, x1 - x0, y1 - y0), 1)
    if crop is not None:
        here = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        picture[here], valid[here] = crop.image, crop.valid
    return Around(col, row, _filled(picture, valid), valid)


def _filled(picture: NDArray[np.uint8], valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    from scipy.ndimage import distance_transform_edt

    if valid.all() or not valid.any():
        return picture
    rows, columns = distance_transform_edt(~valid, return_distances=False, return_indices=True)
    return np.asarray(picture[rows, columns])
