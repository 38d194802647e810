"""Events one after another: a map of classes at several times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from backend.errors import BadInput
from backend.protocol import codes

from .events import Event, add_object, remove_add, remove_object, swap
from .parts import Labels
from .transitions import OEM, Transitions

MODES = ("add", "remove", "mix", "swap")


@dataclass(frozen=True)
class Events:
    """What happens between two times.

    Attributes:
        mode: one of `MODES`; `mix` takes objects away and adds some of those left.
        value: the class that comes or goes; of a swap all change.
        most, least: objects that come, and that go.
        becomes: what objects that go leave behind; None: the class around each.
        transitions, share: of a swap.
    """

    mode: str
    value: int = 1
    most: int = 5
    least: int = 1
    becomes: int | None = 0
    transitions: Transitions = OEM
    share: float = 0.3

    def __post_init__(self) -> None:
        """Raise BadInput (PARAMETER_INVALID) for a mode that there is not, or counts that cannot be."""
        if self.mode not in MODES:
            raise BadInput(codes.PARAMETER_INVALID, f"There is no event {self.mode!r}; take one of {', '.join(MODES)}.")
        if not 0 <= self.least <= self.most:
            detail = f"From {self.least} to {self.most} objects is no range; give the smaller count first."
            raise BadInput(codes.PARAMETER_INVALID, detail)

    def happen(self, labels: Labels, chance: Generator) -> Event:
        """Return what comes of `labels` (rows, columns)."""
        ways: dict[str, Callable[[], Event]] = {
            "add": lambda: add_object(labels, chance, self.value, self.most, self.least),
            "remove": lambda: remove_object(labels, chance, self.value, self.most, self.least, self.becomes),
            "mix": lambda: remove_add(labels, chance, self.value, self.most, self.least, self.becomes),
            "swap": lambda: swap(labels, chance, self.transitions, self.share),
        }
        return ways[self.mode]()


def sequence(labels: Labels, events: Events, times: int, seed: int) -> list[Event]:
    """Return what happens after `labels`, the first of `times` times: `times` - 1 events; a seed gives the same."""
    chance = np.random.default_rng(seed)
    found = [Event(labels, ())]
    for _ in range(times - 1):
        found.append(events.happen(found[-1].labels, chance))
    return found[1:]
