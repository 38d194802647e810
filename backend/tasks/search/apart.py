"""Of ranked places that are close to each other, the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry


def far_shapes(ranked: Iterable[BaseGeometry], distance: float) -> Iterator[int]:
    """Yield the places in `ranked` of those no better one is nearer to than `distance`, in the shapes' own units."""
    kept: list[BaseGeometry] = []
    tree, indexed = shapely.STRtree([]), 0
    for place, shape in enumerate(ranked):
        near = indexed and len(tree.query(shape, predicate="dwithin", distance=distance))
        if not near and not any(shapely.dwithin(one, shape, distance) for one in kept[indexed:]):
            kept.append(shape)
            if len(kept) >= 2 * max(indexed, 32):
                tree, indexed = shapely.STRtree(kept), len(kept)
            yield place


def far_points(ranked: NDArray[np.float64], distance: float) -> Iterator[int]:
    """Yield the places in `ranked` (n, d) of those no better one is nearer to than `distance`, in the same units."""
    from scipy.spatial import cKDTree

    dropped = np.zeros(len(ranked), np.bool_)
    tree = cKDTree(ranked)
    for place, point in enumerate(ranked):
        if not dropped[place]:
            dropped[tree.query_ball_point(point, np.nextafter(distance, 0))] = True
            yield place


def in_metres(points: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    """Return points (n, 2) of `crs` where straight distances are metres from the Earth's centre; as is without."""
    if not crs:
        return points
    turn = Transformer.from_crs(CRS.from_user_input(crs), "EPSG:4978", always_xy=True)
    return np.stack(turn.transform(points[:, 0], points[:, 1], np.zeros(len(points))), axis=1)
