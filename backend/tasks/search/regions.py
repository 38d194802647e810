"""Connected cells of a map of bytes, a strip at a time: memory holds a strip and the regions that reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import rasterio.features
import shapely
import shapely.geometry
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.geo.raster import Window

Bytes = NDArray[np.uint8]
CELLS = 4_000_000
"""Of a strip."""


@dataclass(frozen=True)
class Region:
    """A region, or a part of one: `polygon` in cells (column, row), the sum and the most of its bytes."""

    polygon: BaseGeometry
    cells: int
    total: int
    most: int

    @property
    def mean(self) -> float:
        """Return the mean of its bytes."""
        return self.total / self.cells


def regions(
    read: Callable[[Window], Bytes], width: int, height: int, least: int, blank: int, progress: Callable[[float], None]
) -> Iterator[Region]:
    """Yield the 4-connected regions of bytes of `least` or more, `blank` being none, of a map read in strips."""
    rows = max(64, CELLS // width)
    reaching: dict[int, list[Region]] = {}
    above: NDArray[np.int64] = np.zeros(width, np.int64)
    first = 1
    for top in range(0, height, rows):
        progress(top / height)
        values = read(Window(0, top, width, min(rows, height - top)))
        labels, pieces = _pieces(values, (values >= least) & (values != blank), top, first)
        first += len(pieces)
        joined = _joined(above, labels[0])
        parts: dict[int, list[Region]] = {}
        for number, held in [*reaching.items(), *((number, [one]) for number, one in pieces.items())]:
            parts.setdefault(joined.get(number, number), []).extend(held)
        labels = _renamed(labels[-1], joined)
        lasting = set(labels.tolist())
        yield from (_united(held) for number, held in parts.items() if number not in lasting)
        reaching = {number: held for number, held in parts.items() if number in lasting}
        above = labels
    yield from (_united(held) for held in reaching.values())


def _pieces(
    values: Bytes, mask: NDArray[np.bool_], top: int, first: int
) -> tuple[NDArray[np.int64], dict[int, Region]]:
    """Return labels (0 none, from `first` on) and the region of each."""
    from scipy import ndimage

    labels, count = ndimage.label(mask)
    inside = labels.ravel()
    cells, totals = np.bincount(inside, minlength=count + 1), np.bincount(inside, values.ravel(), count + 1)
    most = np.atleast_1d(ndimage.maximum(values, labels, np.arange(count + 1)))
    corner = np.array([0, top])
    found = {}
    for geometry, label in rasterio.features.shapes(labels.astype(np.int32), mask=mask, connectivity=4):
        number = int(label)
        polygon = shapely.transform(shapely.geometry.shape(geometry), lambda xy: xy + corner)
        found[first + number - 1] = Region(polygon, int(cells[number]), int(totals[number]), int(most[number]))
    return np.where(mask, labels + (first - 1), 0).astype(np.int64), found


def _joined(above: NDArray[np.int64], below: NDArray[np.int64]) -> dict[int, int]:
    """Return the number that each of two lines' touching regions goes by from now on: the least of those it touches."""
    joined: dict[int, int] = {}

    def root(number: int) -> int:
        while joined.get(number, number) != number:
            number = joined[number]
        return number

    both = (above > 0) & (below > 0)
    for one, other in np.unique(np.stack([above[both], below[both]]), axis=1).T.tolist():
        low, high = sorted((root(one), root(other)))
        joined[high] = joined[low] = low
    return {number: root(number) for number in joined}


def _renamed(line: NDArray[np.int64], joined: dict[int, int]) -> NDArray[np.int64]:
    names, places = np.unique(line, return_inverse=True)
    return np.array([joined.get(name, name) for name in names.tolist()], np.int64)[places]


def _united(parts: list[Region]) -> Region:
    if len(parts) == 1:
        return parts[0]
    polygon = shapely.union_all([part.polygon for part in parts])
    return Region(
        polygon, sum(part.cells for part in parts), sum(part.total for part in parts), max(part.most for part in parts)
    )
