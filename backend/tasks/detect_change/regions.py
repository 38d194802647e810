"""Connected changed places as polygons, unit by unit, joined where units meet.

A region that no unit to come can meet is finished and leaves: memory holds those of a row of units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.tasks.ground.open_objects import OpenObjects
from backend.tasks.ground.pieces import Piece, pieces_of, united
from backend.tasks.ground.units import Unit

from .maps import Maps
from .method import NO_DATA, STEPS, Bytes

Labels = NDArray[np.int32]
Move = tuple[int, int]
"""The class before and after, 0 where none is known."""


@dataclass(frozen=True)
class _Part(Piece):
    """A unit's part of a region; `moves` are its pixels by class before and after."""

    moves: Counter[Move] = field(default_factory=Counter)


@dataclass(frozen=True)
class Region:
    """A connected changed place: polygons along pixel edges in pixels of the source, its mean probability.

    Attributes:
        move: the class before and after that most of its pixels have.
    """

    polygons: tuple[shapely.Polygon, ...]
    pixels: int
    probability: float
    move: Move


def changed(values: Bytes, table: Sequence[int], threshold: float) -> tuple[Bytes, NDArray[np.bool_]]:
    """Return a unit's probabilities as bytes, 255 no data, and which of them count as changed."""
    shown: Bytes = np.array(table, np.uint8)[values]
    return shown, (shown >= max(1, round(STEPS * threshold))) & (values != NO_DATA)


def find_regions(maps: Maps, units: Sequence[Unit], table: Sequence[int], threshold: float) -> Iterator[Region]:
    """Yield the regions of all `units`, which come row by row."""
    from scipy.ndimage import label

    objects = OpenObjects()
    below: dict[int, NDArray[np.int64]] = {}
    right: NDArray[np.int64] | None = None
    row, first = -1, 1
    for unit in units:
        if unit.row != row:
            yield from map(_region, objects.finished(_numbers(below)))
            row, right = unit.row, None
        bands = maps.read(unit)
        shown, mask = changed(bands[0], table, threshold)
        labels: Labels = label(mask)[0].astype(np.int32)
        corner = unit.window.col, unit.window.row
        objects.add({number + first - 1: part for number, part in _parts(labels, shown, bands, corner).items()})
        numbers = np.where(labels > 0, labels.astype(np.int64) + (first - 1), 0)
        for seen, own in ((right, numbers[:, 0]), (below.get(unit.column), numbers[0])):
            for one, other in _touching(seen, own):
                objects.unite(one, other)
        yield from map(_region, objects.too_long())
        right, below[unit.column] = numbers[:, -1], numbers[-1]
        first += int(labels.max(initial=0))
    yield from map(_region, objects.finished())


def _parts(labels: Labels, shown: Bytes, bands: Bytes, corner: tuple[int, int]) -> dict[int, Piece]:
    moves = _moves(labels, bands)
    return {
        number: _Part(piece.polygons, piece.pixels, piece.total, piece.highest, moves.get(number, Counter()))
        for number, piece in pieces_of(labels, shown, corner).items()
    }


def _moves(labels: Labels, bands: Bytes) -> dict[int, Counter[Move]]:
    """Return how many pixels of each label have which classes before and after."""
    if len(bands) == 1:
        return {}
    inside = labels > 0
    keys = labels[inside].astype(np.int64) << 16 | bands[1][inside].astype(np.int64) << 8 | bands[2][inside]
    found: dict[int, Counter[Move]] = {}
    for key, count in zip(*(each.tolist() for each in np.unique(keys, return_counts=True)), strict=True):
        found.setdefault(key >> 16, Counter())[key >> 8 & 255, key & 255] = count
    return found


def _touching(seen: NDArray[np.int64] | None, own: NDArray[np.int64]) -> list[tuple[int, int]]:
    if seen is None:
        return []
    both = (seen > 0) & (own > 0)
    return [(one, other) for one, other in np.unique([seen[both], own[both]], axis=1).T.tolist()]


def _numbers(below: dict[int, NDArray[np.int64]]) -> list[int]:
    return sorted({number for line in below.values() for number in np.unique(line).tolist() if number})


def _region(pieces: Sequence[Piece]) -> Region:
    parts = [cast(_Part, piece) for piece in pieces]
    pixels = sum(part.pixels for part in parts)
    moves: Counter[Move] = sum((part.moves for part in parts), Counter())
    move = min(moves, key=lambda one: (-moves[one], one)) if moves else (0, 0)
    return Region(united(pieces), pixels, sum(part.total for part in parts) / pixels / STEPS, move)
