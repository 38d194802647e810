"""The second pass: objects of each phrase from the score maps, unit by unit, joined where units meet.

A pixel belongs to the phrase that scores best there. A unit is looked at with a margin around it, so that an object
near its edge is seen as the neighbour sees it. Its own part becomes polygons; pieces that the two call the same object
in the margin are united. An object that no unit to come can meet is finished and leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.windows import Window as RasterWindow

from backend.geo.access import gdal_environment
from backend.geo.raster import Window

from .open_objects import OpenObjects
from .pieces import Piece, pieces_of, united
from .quantise import Bytes, to_probability
from .seams import Labels, Strip, strip_of
from .split import split
from .units import Unit

MARGIN = 128
COMPARED = 32
"""Pixels to both sides of a seam in which things are compared: further on, one of the two sees them cut off."""


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
    small: bool


@dataclass(frozen=True)
class _Seen:
    """What a unit saw beside the edges to the units to come."""

    unit: Unit
    right: Strip
    below: Strip


def find_instances(
    logits: Path,
    window: Window,
    units: Sequence[Unit],
    things: Sequence[bool],
    least: int,
    cell: int,
    progress: Callable[[float], None],
    small: bool = False,
) -> Iterator[Instance]:
    """Yield the objects of every phrase in the mosaic `logits` of `units`, which covers `window` of the source.

    Memory holds the objects of one phrase in a row of units, and the longer ones that reach it (see `MOST_CORNERS`).
    `things` tells for each phrase whether touching objects are told apart; `least` is the logit byte from which a pixel
    counts, `cell` the pixels a cell of features, `small` whether things are only a few cells wide.
    """
    with rasterio.open(logits, driver="VRT") as dataset:
        phrases = len(things)
        for phrase in range(phrases):

            def read(part: Window, band: int = phrase + 1) -> Bytes:
                at = RasterWindow(part.col - window.col, part.row - window.row, part.width, part.height)
                with gdal_environment():
                    values: Bytes = dataset.read(band, window=at)
                    values[dataset.read(phrases + 1, window=at) != band] = 0
                return values

            def step(done: float, phrase: int = phrase) -> None:
                progress((phrase + done) / phrases)

            for pieces in _of_phrase(read, window, units, Cut(least, cell, things[phrase], small), step):
                yield _instance(phrase, pieces)


def _of_phrase(
    read: Callable[[Window], Bytes],
    area: Window,
    units: Sequence[Unit],
    cut: Cut,
    progress: Callable[[float], None],
) -> Iterator[list[Piece]]:
    objects = OpenObjects()
    above: dict[int, _Seen] = {}
    row, first = -1, 1
    for number, unit in enumerate(units):
        progress(number / len(units))
        if unit.row != row:
            yield from objects.finished(_numbers(seen.below for seen in above.values()))
            row, left = unit.row, None
        window = _with_margin(unit.window, area)
        values = read(window)
        labels = split(values, cut.least, cut.cell, (window.col, window.row), cut.things, cut.small)
        objects.add(_own(unit, window, labels, values, first))
        strips = left.right if left else None, above[unit.column].below if unit.column in above else None
        for strip in strips:
            for one, label in strip.pairs(labels, (window.col, window.row), cut.things) if strip else ():
                objects.unite(one, label + first - 1)
        yield from objects.too_long()
        left = above[unit.column] = _seen(unit, window, area, labels, first, cut.things)
        first += int(labels.max(initial=0))
    yield from objects.finished()


def _with_margin(at: Window, area: Window) -> Window:
    left, top = max(area.col, at.col - MARGIN), max(area.row, at.row - MARGIN)
    right = min(area.col + area.width, at.col + at.width + MARGIN)
    bottom = min(area.row + area.height, at.row + at.height + MARGIN)
    return Window(left, top, right - left, bottom - top)


def _own(unit: Unit, window: Window, labels: Labels, values: Bytes, first: int) -> dict[int, Piece]:
    """Return the unit's own part of every object, by number."""
    at = unit.window
    top, left = at.row - window.row, at.col - window.col
    own = slice(top, top + at.height), slice(left, left + at.width)
    return {label + first - 1: piece for label, piece in pieces_of(labels[own], values[own], (at.col, at.row)).items()}


def _seen(unit: Unit, window: Window, area: Window, labels: Labels, first: int, things: bool) -> _Seen:
    """Return what is kept of a unit: strips along its edges, or for stuff its last lines."""
    at, before, beyond = unit.window, COMPARED if things else 1, COMPARED if things else 0
    right, bottom = at.col + at.width, at.row + at.height
    col, row = max(window.col, right - before), max(window.row, bottom - before)
    width = min(area.col + area.width, right + beyond) - col
    height = min(area.row + area.height, bottom + beyond) - row
    corner = window.col, window.row
    return _Seen(
        unit,
        strip_of(labels, corner, Window(col, window.row, width, window.height), first, things),
        strip_of(labels, corner, Window(window.col, row, window.width, height), first, things),
    )


def _numbers(strips: Iterable[Strip]) -> list[int]:
    return sorted({number for strip in strips for number in np.unique(strip.labels).tolist() if number})


def _instance(phrase: int, pieces: Sequence[Piece]) -> Instance:
    mean = sum(piece.total for piece in pieces) / sum(piece.pixels for piece in pieces)
    highest = max(piece.highest for piece in pieces)
    return Instance(phrase, united(pieces), to_probability(mean), to_probability(highest))
