"""What one unit holds of objects, and what pieces are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio.features
import shapely

from .quantise import Bytes
from .seams import Labels


@dataclass(frozen=True)
class Piece:
    """A part of an object: polygons along pixel edges, in source pixels; sums over the bytes of its logits."""

    polygons: tuple[shapely.Polygon, ...]
    pixels: int
    total: int
    highest: int

    @property
    def corners(self) -> int:
        """Return how many the polygons have."""
        return int(shapely.get_num_coordinates(self.polygons).sum())


def pieces_of(labels: Labels, logits: Bytes, corner: tuple[int, int]) -> dict[int, Piece]:
    """Return the piece of every label from 1 on; the first pixel lies at column and row `corner` of the source."""
    polygons = _polygons(labels, corner)
    inside = labels > 0
    numbers, values = labels[inside], logits[inside]
    pixels, total = np.bincount(numbers), np.bincount(numbers, weights=values)
    highest = np.zeros(len(pixels), np.uint8)
    np.maximum.at(highest, numbers, values)
    return {
        number: Piece(tuple(parts), int(pixels[number]), int(total[number]), int(highest[number]))
        for number, parts in polygons.items()
    }


def united(pieces: Sequence[Piece]) -> tuple[shapely.Polygon, ...]:
    """Return the polygons of pieces that lie side by side, the same ones however they were cut."""
    parts: Any = [polygon for piece in pieces for polygon in piece.polygons]
    if len(pieces) > 1:
        parts = shapely.get_parts(shapely.union_all(parts))
    same = shapely.normalize(shapely.simplify(parts, 0))
    return tuple(sorted(same, key=lambda polygon: (-polygon.area, polygon.bounds)))


def _polygons(labels: Labels, corner: tuple[int, int]) -> dict[int, list[shapely.Polygon]]:
    found: dict[int, list[shapely.Polygon]] = {}
    for shape, number in rasterio.features.shapes(labels, mask=labels > 0, connectivity=4):
        outer, *holes = (np.array(ring) + corner for ring in shape["coordinates"])
        found.setdefault(int(number), []).append(shapely.Polygon(outer, holes))
    return found
