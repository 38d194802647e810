"""The second pass: objects of each phrase from the score maps, unit by unit, joined where units meet.

A pixel belongs to the phrase that scores best there. A unit is looked at with a margin around it, so that an object
near its edge is seen as the neighbour sees it. Its own part becomes polygons; pieces that the two call the same object
in the margin are united.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from backend.geo.polygonize import exact_polygons
from backend.geo.raster import Window

from .quantise import Bytes, to_probability
from .seams import Groups, Labels, same_objects
from .split import split
from .units import Unit

MARGIN = 128


@dataclass(frozen=True)
class Instance:
    """One object: polygons along pixel edges, in source pixels.

    `score` is the probability that its mean logit stands for, `score_max` that of its highest.
    """

    phrase: int
    polygons: tuple[shapely.Polygon, ...]
    score: float
    score_max: float


@dataclass(frozen=True)
class Cut:
    """How a phrase's score map becomes objects: see `split`."""

    least: int
    cell: int
    things: bool


@dataclass
class _Piece:
    """What one unit holds of an object; `total` and `highest` are of the bytes of its logits."""

    polygons: list[shapely.Polygon]
    pixels: int
    total: int
    highest: int


@dataclass(frozen=True)
class _Seen:
    """A unit with its margin, labelled; labels are numbers of pieces."""

    unit: Unit
    window: Window
    labels: Labels


def find_instances(
    logits: Path,
    window: Window,
    units: Sequence[Unit],
    things: Sequence[bool],
    least: int,
    cell: int,
    progress: Callable[[float], None],
) -> Iterator[Instance]:
    """Yield the objects of every phrase in the mosaic `logits` of `units`, which covers `window` of the source.

    Memory holds one row of units and the polygons of one phrase. `things` tells for each phrase whether touching
    objects are told apart; `least` is the logit byte from which a pixel counts, `cell` the pixels a cell of features.
    """
    with rasterio.open(logits, driver="VRT") as dataset:
        phrases = len(things)
        for phrase in range(phrases):

            def read(part: Window, band: int = phrase + 1) -> Bytes:
                at = RasterWindow(part.col - window.col, part.row - window.row, part.width, part.height)
                best, values = dataset.read(phrases + 1, window=at), dataset.read(band, window=at)
                return np.where(best == band, values, 0)

            def step(done: float, phrase: int = phrase) -> None:
                progress((phrase + done) / phrases)

            yield from _of_phrase(phrase, read, window, units, Cut(least, cell, things[phrase]), step)


def _of_phrase(
    phrase: int,
    read: Callable[[Window], Bytes],
    area: Window,
    units: Sequence[Unit],
    cut: Cut,
    progress: Callable[[float], None],
) -> Iterator[Instance]:
    groups, pieces = Groups(), dict[int, _Piece]()
    above: dict[int, _Seen] = {}
    first = 1
    for number, unit in enumerate(units):
        progress(number / len(units))
        seen, values = _look(unit, read, area, cut, first)
        first = max(first, int(seen.labels.max(initial=0)) + 1)
        _cut(seen, values, pieces)
        left = above.get(unit.column - 1)
        for known in (left if left and left.unit.row == unit.row else None, above.get(unit.column)):
            for pair in _pairs(known, seen) if known else ():
                groups.unite(*pair)
        above[unit.column] = seen
    return _joined(phrase, pieces, groups)


def _look(unit: Unit, read: Callable[[Window], Bytes], area: Window, cut: Cut, first: int) -> tuple[_Seen, Bytes]:
    at = unit.window
    left, top = max(area.col, at.col - MARGIN), max(area.row, at.row - MARGIN)
    right = min(area.col + area.width, at.col + at.width + MARGIN)
    bottom = min(area.row + area.height, at.row + at.height + MARGIN)
    window = Window(left, top, right - left, bottom - top)
    values = read(window)
    labels = split(values, cut.least, cut.cell, (left, top), cut.things)
    return _Seen(unit, window, np.where(labels > 0, labels + (first - 1), 0).astype(np.int32)), values


def _cut(seen: _Seen, values: Bytes, pieces: dict[int, _Piece]) -> None:
    """Add the unit's own part of every object to `pieces`."""
    from scipy import ndimage

    own = _within(seen, seen.unit.window)
    labels, logits = seen.labels[own], values[own]
    numbers = np.unique(labels)
    if not numbers.any():
        return
    low = int(numbers[numbers > 0][0]) - 1
    places = ndimage.find_objects(np.where(labels > 0, labels - low, 0))
    for index in (int(number) for number in numbers if number):
        place = places[index - low - 1]
        mask: NDArray[np.bool_] = labels[place] == index
        corner = (seen.unit.window.col + place[1].start, seen.unit.window.row + place[0].start)
        moved = [_moved(polygon, corner) for polygon in exact_polygons(mask)]
        found = logits[place][mask]
        pieces[index] = _Piece(moved, found.size, int(found.sum()), int(found.max()))


def _pairs(one: _Seen, other: _Seen) -> list[tuple[int, int]]:
    left, top = max(one.window.col, other.window.col), max(one.window.row, other.window.row)
    right = min(one.window.col + one.window.width, other.window.col + other.window.width)
    bottom = min(one.window.row + one.window.height, other.window.row + other.window.height)
    if right <= left or bottom <= top:
        return []
    shared = Window(left, top, right - left, bottom - top)
    return same_objects(one.labels[_within(one, shared)], other.labels[_within(other, shared)])


def _joined(phrase: int, pieces: dict[int, _Piece], groups: Groups) -> Iterator[Instance]:
    whole: dict[int, list[_Piece]] = {}
    for number, piece in pieces.items():
        whole.setdefault(groups.root(number), []).append(piece)
    for parts in whole.values():
        polygons = [polygon for part in parts for polygon in part.polygons]
        if len(parts) > 1:
            union = shapely.union_all(polygons)
            polygons = [part for part in shapely.get_parts(union) if isinstance(part, shapely.Polygon)]
        mean = sum(part.total for part in parts) / sum(part.pixels for part in parts)
        highest = max(part.highest for part in parts)
        yield Instance(phrase, tuple(polygons), to_probability(mean), to_probability(highest))


def _within(seen: _Seen, window: Window) -> tuple[slice, slice]:
    top, left = window.row - seen.window.row, window.col - seen.window.col
    return slice(top, top + window.height), slice(left, left + window.width)


def _moved(polygon: shapely.Polygon, corner: tuple[int, int]) -> shapely.Polygon:
    return shapely.Polygon(shapely.transform(polygon, lambda xy: xy + corner))
