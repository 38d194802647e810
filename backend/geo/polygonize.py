"""A mask as polygons whose edges run along pixel edges."""

from __future__ import annotations

from typing import cast

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape


def exact_polygons(mask: NDArray[np.bool_]) -> list[shapely.Polygon]:
    """Return the 4-connected parts of `mask` with their holes, in its cells (column, row), largest first."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return []
    top, left = int(rows[0]), int(columns[0])
    part = mask[top : rows[-1] + 1, left : columns[-1] + 1]
    found = rasterio.features.shapes(part.astype(np.uint8), mask=part, connectivity=4)
    corner = np.array([left, top])
    polygons = [
        cast(shapely.Polygon, shapely.transform(shape(geometry), lambda xy: xy + corner)) for geometry, _ in found
    ]
    return sorted(polygons, key=lambda polygon: polygon.area, reverse=True)
