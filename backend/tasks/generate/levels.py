"""The levels of a cascade: what of each is painted, so that the next one sees enough around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from affine import Affine

from backend.geo.raster import Grid, Window
from backend.models.generator import SCALE

from .parameters import AVERAGE, CROP

MARGINS = {CROP: 64, AVERAGE: 256}
"""Pixels around what a level shows that the levels after it look at: what their windows see, or their whole units."""


@dataclass(frozen=True)
class Level:
    """One level of a result.

    Attributes:
        number: 1 is the first.
        shown: what the result has of it, in its own absolute pixels; these may be negative.
        painted: what is painted, likewise.
        last: whether none comes after it.
    """

    number: int
    shown: Window
    painted: Window
    last: bool

    @property
    def scale(self) -> int:
        """Return how many of its pixels lie along one of the source's."""
        return int(SCALE**self.number)


def levels(source: Grid, place: tuple[int, int], area: Window, scale: int, merge: str = CROP) -> Iterator[Level]:
    """Yield the levels up to `scale` of an `area` of a source, in its pixels, whose first lies at `place`."""
    number = 1
    while SCALE**number <= scale:
        side = SCALE**number
        whole = _times(Window(place[0], place[1], source.width, source.height), side)
        shown = _times(Window(place[0] + area.col, place[1] + area.row, area.width, area.height), side)
        last = side == scale
        yield Level(number, shown, shown if last else _grown(shown, whole, MARGINS[merge]), last)
        number += 1


def grid_at(source: Grid, place: tuple[int, int], window: Window, scale: int) -> Grid:
    """Return the grid of an absolute `window` whose pixels lie `scale` along one of the source's.

    A source without any georeference has results without.
    """
    if not source.crs and source.transform.is_identity:
        return Grid(window.width, window.height, source.transform, "")
    moved = Affine.translation(window.col - place[0] * scale, window.row - place[1] * scale)
    return Grid(window.width, window.height, source.transform @ Affine.scale(1 / scale) @ moved, source.crs)


def _times(window: Window, side: int) -> Window:
    return Window(window.col * side, window.row * side, window.width * side, window.height * side)


def _grown(window: Window, whole: Window, margin: int) -> Window:
    x0, y0 = max(window.col - margin, whole.col), max(window.row - margin, whole.row)
    x1 = min(window.col + window.width + margin, whole.col + whole.width)
    y1 = min(window.row + window.height + margin, whole.row + whole.height)
    return Window(x0, y0, x1 - x0, y1 - y0)
