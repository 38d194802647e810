"""Vectors of places that lie on no grid: chips, objects, points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .identity import Identity


@dataclass(frozen=True)
class VectorTable:
    """Every vector of a file.

    Attributes:
        vectors: (n, width) float32 of unit length.
        geometries: (n,) of shapely, in `crs`: a chip's outline, a point; empty geometries for pictures of a folder.
        crs: WKT or authority string; empty where unknown.
        ids: (n,) what tells a row from the others: the file's own id, a picture's path, else the row's number.
        identity: what made them.
        name: of the layer.
        fingerprint: tells this content from any other; hashable.
    """

    vectors: NDArray[np.float32]
    geometries: NDArray[np.object_]
    crs: str
    ids: Sequence[str]
    identity: Identity
    name: str
    fingerprint: tuple[object, ...]

    @property
    def centres(self) -> NDArray[np.float64]:
        """Return (n, 2), x and y in `crs`; NaN where there is no geometry."""
        found = np.full((len(self.geometries), 2), np.nan)
        there = ~shapely.is_empty(self.geometries)
        found[there] = shapely.get_coordinates(shapely.centroid(self.geometries[there]))
        return found
