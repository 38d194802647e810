"""Pairs by copy and paste: houses and patches of other ground, cut out of pictures with labels, put into others.

A second kind of made pair beside the painter's: cruder to look at, exact in its outlines, and of many places. Some
things are pasted into both dates, so that a seam alone tells nothing; some new houses stand on new ground. Each date
has a sun of its own, so that a shadow that moved is no change, and small things come and go, which is none either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, gaussian_filter, label, shift

from backend.models import oem
from backend.training.change_pairs import NO_DATA, NOT_BUILT, Bytes, Pair
from backend.training.change_places import WIDEST, Place, Things, cut_place

SIDE = 256
METRES = 0.25, 1.0
"""Widths of the pictures' pixels; a place gives what its own allow."""
HOUSES, PATCHES = (0, 14), (0, 3)
STAYS, GROUNDED, SHADED = 0.4, 0.35, 0.7
HEIGHT, DEPTH = (2.0, 9.0), (0.25, 0.65)
"""Metres of a house; which part of the light its shadow takes."""
SMALL, SMALL_METRES = (0, 14), (1.2, 5.5)
"""Cars and the like at each date, and their sides."""
RESIZED = 0.8, 1.9
TRIES = 25
TAKEN = 0.03
"""Which share of a thing's pixels may lie on what is built already."""
Floats = NDArray[np.float32]


@dataclass
class Scene:
    """What is built up: two pictures (h, w, 3) as float, their classes, and where anything was pasted."""

    pictures: list[Floats]
    classes: list[Bytes]
    pasted: NDArray[np.bool_]

    def paste(self, mask: Floats, look: Floats, at: tuple[int, int], value: int, dates: tuple[int, ...]) -> None:
        """Lay a thing (h, w, 3) with its soft outline (h, w) over some dates, its corner at a row and column."""
        inside, part = _overlap(self.pasted.shape, mask.shape, at)
        soft = mask[part][..., None]
        for date in dates:
            here = self.pictures[date][inside]
            here[:] = here * (1 - soft) + look[part] * soft
            self.classes[date][inside][mask[part] > 0.5] = value
        self.pasted[inside] |= mask[part] > 0.5

    def shade(self, mask: Floats, at: tuple[int, int], dates: tuple[int, ...], depth: float) -> None:
        """Darken where a shadow falls; nothing becomes another class."""
        inside, part = _overlap(self.pasted.shape, mask.shape, at)
        for date in dates:
            self.pictures[date][inside] *= 1 - depth * mask[part][..., None]

    def free(self, mask: Floats, at: tuple[int, int]) -> bool:
        """Say whether a thing would lie on nothing built and nothing pasted."""
        inside, part = _overlap(self.pasted.shape, mask.shape, at)
        own = mask[part] > 0.5
        taken = self.pasted[inside] | (self.classes[0][inside] == oem.BUILDING)
        return bool(own.sum() > 0.5 * (mask > 0.5).sum() and (taken & own).sum() <= TAKEN * own.sum())


@dataclass(frozen=True)
class Sun:
    """The sun of one date: where shadows fall (radians), how long they are for a metre of height."""

    angle: float
    reach: float

    @classmethod
    def drawn(cls, drawn: np.random.Generator) -> Sun:
        """Return one of any day."""
        return cls(drawn.uniform(0, 2 * np.pi), drawn.uniform(0.2, 1.1))


class Paster:
    """Draws pairs from places with labels."""

    def __init__(self, places: list[Place], drawn: np.random.Generator, side: int = SIDE) -> None:
        self._places, self._drawn, self._side = places, drawn, side
        self._things = Things(places)
        self._shares = np.array([place.share for place in places])
        self._shares /= self._shares.sum()

    def pair(self) -> Pair:
        """Return one pair; things come as often as they go."""
        drawn = self._drawn
        place = self._places[drawn.choice(len(self._places), p=self._shares)]
        picture, classes, metres = cut_place(place, METRES, self._side, drawn)
        scene = Scene([picture.copy(), picture], [classes, classes.copy()], np.zeros(classes.shape, bool))
        suns = Sun.drawn(drawn), Sun.drawn(drawn)
        for _ in range(drawn.integers(*PATCHES, endpoint=True)):
            self._patch(scene, metres, _blob(drawn, int(drawn.uniform(12, 90) * 0.5 / metres)), self._dates())
        for _ in range(drawn.integers(*HOUSES, endpoint=True) if metres < WIDEST else 0):
            self._house(scene, metres, suns)
        for date in (0, 1) if metres < WIDEST else ():
            self._small(scene, metres, date)
        return _finished(scene)

    def _dates(self) -> tuple[int, ...]:
        return (0, 1) if self._drawn.random() < STAYS else (int(self._drawn.integers(2)),)

    def _house(self, scene: Scene, metres: float, suns: tuple[Sun, Sun]) -> None:
        mask, look = self._things.house(metres / self._drawn.uniform(*RESIZED), self._drawn)
        at = self._place(scene, mask)
        if at is None:
            return
        dates = self._dates()
        if len(dates) == 1 and self._drawn.random() < GROUNDED:
            around = max(4, int(self._drawn.uniform(2, 12) / metres))
            wide = gaussian_filter(np.pad(mask, around), around / 2) > 0.12
            self._patch(scene, metres, wide.astype(np.float32), dates, (at[0] - around, at[1] - around))
        height = self._drawn.uniform(*HEIGHT) / metres
        for date in dates if self._drawn.random() < SHADED else ():
            sun = suns[date]
            far = sun.reach * height
            moved = shift(np.pad(mask, int(far) + 1), (far * np.sin(sun.angle), far * np.cos(sun.angle)), order=1)
            corner = at[0] - int(far) - 1, at[1] - int(far) - 1
            scene.shade(moved.astype(np.float32), corner, (date,), self._drawn.uniform(*DEPTH))
        scene.paste(_soft(mask, self._drawn), look, at, oem.BUILDING, dates)

    def _patch(
        self, scene: Scene, metres: float, mask: Floats, dates: tuple[int, ...], at: tuple[int, int] | None = None
    ) -> None:
        found = self._things.ground(mask.shape, metres, self._drawn)
        at = at or self._place(scene, mask)
        if found is not None and at is not None:
            scene.paste(_soft(mask, self._drawn), found[0], at, found[1], dates)

    def _small(self, scene: Scene, metres: float, date: int) -> None:
        """Lay cars and the like over a date; they are not told."""
        drawn = self._drawn
        for _ in range(drawn.integers(*SMALL, endpoint=True)):
            rows, columns = (max(2, round(drawn.uniform(*SMALL_METRES) / metres)) for _ in range(2))
            top, left = int(drawn.integers(self._side - rows)), int(drawn.integers(self._side - columns))
            colour = drawn.uniform(15, 245) + drawn.normal(0, 18, 3)
            scene.pictures[date][top : top + rows, left : left + columns] = np.clip(colour, 0, 255)

    def _place(self, scene: Scene, mask: Floats) -> tuple[int, int] | None:
        for _ in range(TRIES):
            row, column = (int(self._drawn.integers(-n // 3, self._side - n // 2)) for n in mask.shape)
            if scene.free(mask, (row, column)):
                return row, column
        return None


def crossed(one: Pair, other: Pair) -> Pair:
    """Return a pair of two places: what either has alone is change (single-temporal learning, ChangeStar 2021).

    Only buildings count: where neither or both have one nobody says what changed, but no building did.
    """
    built, now = one.was == oem.BUILDING, other.was == oem.BUILDING
    known = (one.was != oem.UNKNOWN) & (other.was != oem.UNKNOWN)
    changed = np.where(known, np.where(built != now, 1, NOT_BUILT), NO_DATA)
    return Pair(one.before, other.before, one.was, other.was, changed.astype(np.uint8))


def _finished(scene: Scene) -> Pair:
    before, after = (np.clip(np.rint(picture), 0, 255).astype(np.uint8) for picture in scene.pictures)
    was, now = scene.classes
    return Pair(before, after, was, now, (was != now).astype(np.uint8))


def _soft(mask: Floats, drawn: np.random.Generator) -> Floats:
    return np.asarray(gaussian_filter(mask, drawn.uniform(0.3, 0.9)), np.float32)


def _blob(drawn: np.random.Generator, side: int) -> Floats:
    """Return a round or angular part (side, side) of 0 and 1."""
    side = int(np.clip(side, 10, 160))
    noise = gaussian_filter(drawn.normal(size=(side, side)), side / drawn.uniform(4, 10))
    rows, columns = np.mgrid[:side, :side] / (side - 1) * 2 - 1
    round_off = np.hypot(rows, columns) if drawn.random() < 0.6 else np.maximum(abs(rows), abs(columns))
    parts, _ = label(noise / (noise.std() + 1e-6) * 0.25 + 0.75 - round_off > 0)
    sizes = np.bincount(parts.ravel())[1:]
    if not len(sizes):
        return np.ones((side, side), np.float32)
    number = int(sizes.argmax()) + 1
    box = find_objects(parts)[number - 1]
    return np.asarray(parts[box] == number, np.float32)


def _overlap(
    shape: tuple[int, ...], size: tuple[int, ...], at: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where a thing lies inside a picture, and which part of the thing that is."""
    spans = [(max(a, 0), max(min(a + n, length), a, 0)) for a, n, length in zip(at, size, shape, strict=True)]
    (top, bottom), (left, right) = spans
    return np.s_[top:bottom, left:right], np.s_[top - at[0] : bottom - at[0], left - at[1] : right - at[1]]
