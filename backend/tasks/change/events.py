"""Events that may happen to a map of classes: Changen2's, section 3.2 (Zheng et al., TPAMI 2025).

Pure functions of labels (rows, columns) and a generator of random numbers, which all chance comes from: the same seed
gives the same event. The published code draws places of added objects from a second source, which it does not seed, and
rounds towards zero, so that no shift is twice as likely and the outermost rows and columns are not met; here every
shift that keeps an object inside is as likely.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from backend.geo.raster import Window

from .parts import Labels, Mask, Part, parts_of
from .transitions import NO_DATA, OEM, Transitions

ADD, REMOVE, SWAP = "add", "remove", "swap"
TRIES = 50
"""Places tried for an object before it is left out."""


@dataclass(frozen=True)
class Change:
    """What happened to one object.

    Attributes:
        kind: `ADD`, `REMOVE` or `SWAP`.
        before, after: the class it was (of an object that was added: the class most of its ground was), and is.
        window: the least that holds it.
    """

    kind: str
    before: int
    after: int
    pixels: int
    window: Window


@dataclass(frozen=True)
class Event:
    """The labels after an event, and what happened."""

    labels: Labels
    changes: tuple[Change, ...]


def add_object(
    labels: Labels, chance: Generator, value: int = 1, most: int = 5, least: int = 1, on: Collection[int] | None = None
) -> Event:
    """Copy `least` to `most` of the objects of class `value` to places where all of their pixels are free.

    An object keeps its shape and stays inside; where 50 places are taken it is left out. Free are the classes `on`,
    None: all others.
    """
    found = labels.copy()
    chosen = _chosen(parts_of(labels, value), chance, most, least)
    moved = ((part, _place(part, found, value, on, chance)) for part in chosen)
    changes = tuple(_put(found, part, place, value) for part, place in moved if place is not None)
    return Event(found, changes)


def remove_object(
    labels: Labels, chance: Generator, value: int = 1, most: int = 5, least: int = 1, becomes: int | None = 0
) -> Event:
    """Take away `least` to `most` of the objects of class `value`, all where there are not so many.

    Their pixels become the class `becomes`; None: the one that most pixels around each have, and it stays where there
    is none.
    """
    found, changes = labels.copy(), []
    for part in _chosen(parts_of(labels, value), chance, most, least):
        after = _around(found, part) if becomes is None else becomes
        if after is not None:
            found[part.here][part.mask] = after
            changes.append(Change(REMOVE, value, after, part.pixels, part.window))
    return Event(found, tuple(changes))


def remove_add(
    labels: Labels, chance: Generator, value: int = 1, most: int = 5, least: int = 1, becomes: int | None = 0
) -> Event:
    """Take objects away, then copy some of those that are left."""
    first = remove_object(labels, chance, value, most, least, becomes)
    second = add_object(first.labels, chance, value, most, least)
    return Event(second.labels, first.changes + second.changes)


def swap(labels: Labels, chance: Generator, transitions: Transitions = OEM, share: float = 0.3) -> Event:
    """Let each object become another class that the table allows, with a chance of `share`, each as likely.

    Parts too small to be objects become the table's unknown class, where it has one; they are no changes.

    Raises:
        BadInput: PARAMETER_INVALID, a value that is no class of the table.
    """
    transitions.check(labels)
    found, changes = labels.copy(), []
    if transitions.unknown is not None:
        found[labels != NO_DATA] = transitions.unknown
    for part in parts_of(labels):
        targets = transitions.allowed.get(part.value, ())
        meets = chance.random() < share
        after = int(chance.choice(targets)) if meets and targets else part.value
        found[part.here][part.mask] = after
        if after != part.value:
            changes.append(Change(SWAP, part.value, after, part.pixels, part.window))
    return Event(found, tuple(changes))


def remove_instances(numbers: Labels, chance: Generator, share: float = 0.1) -> Event:
    """Take each object of a map of numbered ones away with a chance of `share`; 0 is none, others are of any size."""
    from scipy.ndimage import find_objects

    found, changes = numbers.copy(), []
    for number, where in enumerate(find_objects(numbers), 1):
        if where is not None and chance.random() < share:
            mask = numbers[where] == number
            found[where][mask] = 0
            rows, columns = where
            window = Window(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
            changes.append(Change(REMOVE, number, 0, int(mask.sum()), window))
    return Event(found, tuple(changes))


def tabulated(before: Labels, after: Labels) -> dict[tuple[int, int], int]:
    """Return how many pixels went from one value to another, of those that changed."""
    changed = before != after
    pairs, counts = np.unique(np.stack([before[changed], after[changed]]).astype(np.int64), axis=1, return_counts=True)
    return {(int(a), int(b)): int(count) for (a, b), count in zip(pairs.T, counts, strict=True)}


def _chosen(parts: list[Part], chance: Generator, most: int, least: int) -> list[Part]:
    count = min(int(chance.integers(least, most, endpoint=True)), len(parts))
    return [parts[index] for index in chance.permutation(len(parts))[:count]]


def _place(
    part: Part, labels: Labels, value: int, on: Collection[int] | None, chance: Generator
) -> tuple[int, int] | None:
    """Return the column and row of a free place for a part's window."""
    height, width = labels.shape
    for _ in range(TRIES):
        row = int(chance.integers(0, height - part.window.height, endpoint=True))
        col = int(chance.integers(0, width - part.window.width, endpoint=True))
        ground = labels[part.at(col, row)][part.mask]
        taken = (ground == value) | (ground == NO_DATA) if on is None else ~np.isin(ground, list(on))
        if not taken.any():
            return col, row
    return None


def _put(labels: Labels, part: Part, place: tuple[int, int], value: int) -> Change:
    where = part.at(*place)
    before = _most(labels[where][part.mask])
    labels[where][part.mask] = value
    return Change(ADD, before, value, part.pixels, Window(*place, part.window.width, part.window.height))


def _around(labels: Labels, part: Part) -> int | None:
    """Return the class that most pixels next to a part have."""
    from scipy.ndimage import binary_dilation

    window, (height, width) = part.window, labels.shape
    rows = slice(max(window.row - 1, 0), min(window.row + window.height + 1, height))
    columns = slice(max(window.col - 1, 0), min(window.col + window.width + 1, width))
    held: Mask = np.zeros(labels.shape, np.bool_)[rows, columns]
    top, left = window.row - rows.start, window.col - columns.start
    held[top : top + window.height, left : left + window.width] = part.mask
    ring = binary_dilation(held, np.ones((3, 3), np.bool_)) & ~held
    next_to = labels[rows, columns][ring]
    next_to = next_to[next_to != NO_DATA]
    return _most(next_to) if next_to.size else None


def _most(values: Labels) -> int:
    found, counts = np.unique(values, return_counts=True)
    return int(found[counts.argmax()])
