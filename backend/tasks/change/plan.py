"""Which pairs are made: where, by which chance, and for what part of a data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.protocol import codes
from backend.tasks.ground.area import Area

from .happening import Moment
from .paint import windows_of
from .parameters import ADD, INSTANCES, MIX, REMOVE, SWAP, ChangeParameters

TRAIN, VALIDATION, TEST = SPLITS = "train", "validation", "test"
TRIES = 4
"""Seeds that are tried at a place before it is left out."""
MOST_PIXELS = 2**25
"""Of one pair: its objects are found all at once, which takes some 20 bytes a pixel."""


@dataclass(frozen=True)
class Planned:
    """A pair, or a sequence, to be made.

    Attributes:
        place: number of its window among those used; pairs of one place have the same window.
        windows: of the painter, over all its changes.
    """

    window: Window
    place: int
    seed: int
    windows: int


def plan(
    asked: ChangeParameters,
    area: Area,
    moments: Callable[[Window, int], list[Moment] | None],
    side: int,
    progress: Callable[[float, str], None],
) -> list[Planned]:
    """Return the pairs: places in an order of chance, round by round; places where nothing changes are left out.

    `moments` returns what happens in a window by a seed, None where there is no data; `side` is of the painter's
    windows.

    Raises:
        BadInput: NOTHING_CHANGES where too little can change; PARAMETER_INVALID where no square fits; SOURCE_TOO_LARGE.
    """
    places, found = _places(asked, area), list[Planned]()
    turn = 0
    while places and len(found) < asked.count:
        alive = []
        for number, window in places:
            progress(0, f"Places with something to change: {len(found)} of {asked.count}")
            one = _tried(asked, window, number, turn, moments, side)
            if one is not None:
                alive.append((number, window))
                found.append(one)
            if len(found) == asked.count:
                break
        places, turn = alive, turn + 1
    if len(found) < asked.count:
        raise _too_few(asked, len(found))
    return found


def splits_of(pairs: list[Planned], asked: ChangeParameters) -> list[str]:
    """Return the part of the data set of each pair: all pairs of one place go to the same.

    Of three places or more each part that is wanted has one at least; fewer are all for training.
    """
    places = list(dict.fromkeys(pair.place for pair in pairs))
    test, validation = (_rounded(share, len(places)) for share in (asked.test, asked.validation))
    parts = dict.fromkeys(places[:test], TEST) | dict.fromkeys(places[test : test + validation], VALIDATION)
    return [parts.get(pair.place, TRAIN) for pair in pairs]


def _rounded(share: float, count: int) -> int:
    return max(1, int(share * count + 0.5)) if share > 0 and count > 2 else 0


def _places(asked: ChangeParameters, area: Area) -> list[tuple[int, Window]]:
    """Return windows that do not overlap, with numbers, in an order of chance."""
    at, side = area.window, asked.side
    if not side:
        if at.width * at.height > MOST_PIXELS:
            detail = f"The area has {at.width * at.height:,} pixels and one pair {MOST_PIXELS:,} at most"
            raise BadInput(codes.SOURCE_TOO_LARGE, f"{detail}; choose a smaller one, or squares of some side.")
        return [(0, at)]
    across, down = at.width // side, at.height // side
    if not across * down:
        detail = f"No square of {side} pixels fits into {at.width} x {at.height}; choose a smaller side, or 0 for all."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    chance = np.random.default_rng([asked.seed, 0])
    left = at.col + int(chance.integers(at.width - across * side, endpoint=True))
    top = at.row + int(chance.integers(at.height - down * side, endpoint=True))
    return [
        (number, window)
        for number in chance.permutation(across * down).tolist()
        if area.touches(window := Window(left + number % across * side, top + number // across * side, side, side))
    ]


def _tried(
    asked: ChangeParameters,
    window: Window,
    number: int,
    turn: int,
    moments: Callable[[Window, int], list[Moment] | None],
    side: int,
) -> Planned | None:
    for attempt in range(TRIES):
        seed = int(np.random.SeedSequence([asked.seed, 1, number, turn, attempt]).generate_state(1)[0])
        found = moments(window, seed)
        if found is None:
            return None
        painted = [other.painted(one) for one, other in pairwise(found)]
        if painted[0].any():
            return Planned(window, number, seed, sum(windows_of(one, side) for one in painted))
    return None


def _too_few(asked: ChangeParameters, found: int) -> BadInput:
    objects = f"object of {asked.kind!r:.60}" if asked.event in (ADD, REMOVE, MIX) else "object"
    lacks = f"no {objects} with more than 64 pixels"
    ways = {
        ADD: f"there is {lacks}, or no free place for it",
        SWAP: "no object with more than 64 pixels met a change that the table allows",
        INSTANCES: "no numbered object went",
    }
    made = f"Only {found} of {asked.count} pairs have a change" if found else "Nothing changes"
    why = f"{made}: {ways.get(asked.event, f'there is {lacks}')}"
    share = "share or side" if asked.event in (SWAP, INSTANCES) else "side"
    return BadInput(codes.NOTHING_CHANGES, f"{why}; choose another area, class or event, or a larger {share}.")
