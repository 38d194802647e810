"""Which class may become which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.errors import BadInput
from backend.models import oem
from backend.models.oem import AGRICULTURE, BARE, BUILDING, DEVELOPED, RANGE, ROAD, TREE, UNKNOWN, WATER
from backend.protocol import codes

from .parts import Labels

NO_DATA = 255
"""Never changes and is never built upon."""


@dataclass(frozen=True)
class Transitions:
    """A table of transitions.

    Attributes:
        names: what the values 0 and up mean.
        allowed: what a value may become, each as likely; values without any stay.
        unknown: what parts too small to be objects become; None: they stay as they are.
    """

    names: tuple[str, ...]
    allowed: Mapping[int, tuple[int, ...]]
    unknown: int | None = None

    def check(self, labels: Labels) -> None:
        """Raise BadInput (PARAMETER_INVALID) where `labels` hold a value that has no name here."""
        strange = [int(value) for value in np.unique(labels) if value != NO_DATA and not 0 <= value < len(self.names)]
        if strange:
            listed = ", ".join(str(value) for value in strange[:5])
            raise _wrong(f"The labels hold {listed}, but classes are 0 to {len(self.names) - 1}; give these a class.")


OEM = Transitions(
    oem.NAMES,
    {
        UNKNOWN: (BARE, RANGE, DEVELOPED, ROAD, TREE, WATER, AGRICULTURE, BUILDING),
        BARE: (RANGE, DEVELOPED, TREE, WATER, AGRICULTURE),
        RANGE: (BARE, DEVELOPED, TREE, WATER, AGRICULTURE),
        DEVELOPED: (BARE, RANGE, TREE, WATER, AGRICULTURE),
        ROAD: (BARE, DEVELOPED, TREE, WATER),
        TREE: (BARE, RANGE, DEVELOPED, WATER, AGRICULTURE),
        WATER: (BARE, RANGE, DEVELOPED, TREE, AGRICULTURE),
        AGRICULTURE: (BARE, RANGE, DEVELOPED, TREE, WATER, AGRICULTURE),
        BUILDING: (DEVELOPED, TREE, WATER),
    },
    UNKNOWN,
)
"""As published with Changen2. The known classes have 38 transitions; one of them, of agriculture land, is to itself."""


def own(names: Sequence[str], allowed: Mapping[str, Iterable[str]]) -> Transitions:
    """Return a person's own table, by names of classes.

    Raises:
        BadInput: PARAMETER_INVALID, a name is none of `names`, or a class would become itself.
    """
    numbers = {name: number for number, name in enumerate(names)}
    found = {}
    for name, targets in allowed.items():
        wanted = tuple(dict.fromkeys(targets))
        for other in (name, *wanted):
            if other not in numbers:
                raise _wrong(f"{other!r} is none of the classes {', '.join(names)}; name one of these.")
        if name in wanted:
            raise _wrong(f"{name!r} is said to become {name!r}; name another class.")
        found[numbers[name]] = tuple(numbers[other] for other in wanted)
    return Transitions(tuple(names), found)


def alike(names: Sequence[str], like: Mapping[str, str], table: Transitions = OEM) -> Transitions:
    """Return a table for a person's own classes, each said to be like one of `table`; those not named never change.

    A class becomes another where the one it is like may become the one that other is like.

    Raises:
        BadInput: PARAMETER_INVALID, a name is none of `names`, or none of the table's.
    """
    kinds = {name: number for number, name in enumerate(table.names)}
    for name, kind in like.items():
        if kind not in kinds:
            raise _wrong(f"{name!r} is said to be like {kind!r}; name one of {', '.join(table.names)}.")
    allowed = {
        name: [
            other
            for other, its in like.items()
            if its != kind and kinds[its] in table.allowed.get(kinds[kind], ())
        ]
        for name, kind in like.items()
    }  # fmt: skip
    return own(names, allowed)


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
