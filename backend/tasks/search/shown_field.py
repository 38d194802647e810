"""What a person points at on a raster of vectors."""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.protocol import codes
from backend.tasks.ground.area import Area
from backend.tasks.vectors.field import VectorField

from .shown import empty, outside, said

Floats = NDArray[np.float32]
MOST, PIECE, REMEMBERED = 4096, 512, 1024
"""Vectors taken of one area, the side of what is read of it at a time, clicks remembered."""


class ShownField:
    """Implements `Shown`."""

    def __init__(self, field: VectorField) -> None:
        self._field = field
        self._clicked: OrderedDict[tuple[int, int], Floats] = OrderedDict()

    def at(self, x: float, y: float) -> Floats:
        """Return the vector of the cell under a point."""
        grid = self._field.grid
        column, row = (math.floor(value) for value in ~grid.transform @ (x, y))
        if not (0 <= column < grid.width and 0 <= row < grid.height):
            raise outside(self._field.name, said(x, y).capitalize())
        if (column, row) not in self._clicked:
            self._clicked[column, row] = self._field.read(Window(column, row, 1, 1))[:, 0, 0]
            while len(self._clicked) > REMEMBERED:
                self._clicked.popitem(last=False)
        vector = self._clicked[column, row]
        if np.isnan(vector).any():
            raise empty(self._field.name, said(x, y))
        return vector

    def inside(self, polygon: shapely.Polygon) -> Floats:
        """Return the vectors of cells whose middle lies in `polygon`; of a large one an even part."""
        grid = self._field.grid
        if not polygon.is_valid or polygon.is_empty:
            raise BadInput(codes.PROMPT_INVALID, "An area's outline crosses itself or is empty; draw it again.")
        a, b, c, d, e, f = (~grid.transform)[:6]
        turn, corner = np.array([[a, d], [b, e]]), np.array([c, f])
        whole = shapely.transform(polygon, lambda xy: xy @ turn + corner)
        shape = whole.intersection(shapely.box(0, 0, grid.width, grid.height))
        if not shape.area > 0:
            raise outside(self._field.name, "An area")
        step = 2 ** max(0, math.ceil(math.log2(shape.area / MOST) / 2))
        found = np.concatenate([self._piece(window, shape, step) for window in _pieces(shape, step)])
        if not len(found):
            middle = shape.representative_point()
            return self.at(*(grid.transform @ (middle.x, middle.y)))[None]
        return found

    def _piece(self, window: Window, shape: BaseGeometry, step: int) -> Floats:
        if not shape.intersects(
            shapely.box(window.col, window.row, window.col + window.width, window.row + window.height)
        ):
            return np.empty((0, self._field.identity.width), np.float32)
        grid = self._field.grid
        window = Window(
            window.col,
            window.row,
            min(window.width, grid.width - window.col),
            min(window.height, grid.height - window.row),
        )
        vectors = self._field.read(window, step)
        coarse = Window(0, 0, vectors.shape[2], vectors.shape[1])
        corner = np.array([window.col, window.row])
        local = shapely.transform(shape, lambda xy: (xy - corner) / step)
        mine = Area(coarse, local).mask(coarse) & ~np.isnan(vectors).any(axis=0)
        return np.ascontiguousarray(vectors[:, mine].T)


def _pieces(shape: BaseGeometry, step: int) -> list[Window]:
    side = PIECE * step
    left, top, right, bottom = shape.bounds
    return [
        Window(column * side, row * side, side, side)
        for row in range(int(top // side), math.ceil(bottom / side))
        for column in range(int(left // side), math.ceil(right / side))
    ]
