"""What a person points at on chips or points."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes
from backend.tasks.vectors.table import VectorTable

from .shown import empty, outside, said

Floats = NDArray[np.float32]
NEAR = 0.05
"""A click belongs to the nearest point within this part of the layer's larger side."""


class ShownTable:
    """Implements `Shown`."""

    def __init__(self, table: VectorTable) -> None:
        """Raise PARAMETER_INVALID for rows that lie nowhere."""
        self._table = table
        self.tree = shapely.STRtree(table.geometries)
        if not len(table.geometries) or shapely.is_empty(table.geometries).all():
            detail = f"{table.name!r} says of no vector where it lies, so nothing can be shown or clicked on a map."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        self.extent: tuple[float, float, float, float] = tuple(shapely.total_bounds(table.geometries).tolist())

    def at(self, x: float, y: float) -> Floats:
        """Return the vector of the smallest outline around a point, else of the nearest row."""
        point, shapes = shapely.Point(x, y), self._table.geometries
        around = self.tree.query(point, predicate="intersects")
        if not len(around):
            x0, y0, x1, y1 = self.extent
            polygons = (shapely.get_dimensions(shapes) == 2).any()
            reach = 0.0 if polygons else NEAR * max(x1 - x0, y1 - y0)
            around = self.tree.query_nearest(point, max_distance=reach) if reach else around
        if not len(around):
            raise outside(self._table.name, said(x, y).capitalize())
        row = int(around[np.argmin(shapely.area(shapes[around]))])
        if np.isnan(self._table.vectors[row]).any():
            raise empty(self._table.name, said(x, y))
        return np.asarray(self._table.vectors[row])

    def inside(self, polygon: shapely.Polygon) -> Floats:
        """Return the vectors of rows whose middle lies in `polygon`; of the row around it where there is none."""
        if not polygon.is_valid or polygon.is_empty:
            raise BadInput(codes.PROMPT_INVALID, "An area's outline crosses itself or is empty; draw it again.")
        rows = self.tree.query(polygon, predicate="intersects")
        rows = rows[shapely.intersects(polygon, shapely.centroid(self._table.geometries[rows]))]
        found = self._table.vectors[rows]
        found = found[~np.isnan(found).any(axis=1)]
        if not len(found):
            middle = polygon.representative_point()
            return self.at(middle.x, middle.y)[None]
        return found
