"""A person's classes, and what a painter knows them as: OpenEarthMap's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.models import oem
from backend.protocol import codes

from .parameters import ChangeParameters, pairs_of_text
from .transitions import NO_DATA, OEM, Transitions, alike, own

Bytes = NDArray[np.uint8]
SYNONYMS = Path(__file__).with_name("synonyms.json")


@dataclass(frozen=True)
class Classes:
    """What the values 0 and up of labels mean.

    Attributes:
        names: of the values.
        like: the class of `oem.NAMES` each is like; unknown where nobody says it.
        how: by name, `said`, `same`, `synonym` or `none`: where that comes from.
    """

    names: tuple[str, ...]
    like: tuple[int, ...]
    how: Mapping[str, str]

    def number(self, name: str, what: str) -> int:
        """Return the value of the class called `name`. Raises PARAMETER_INVALID, calling the request's part `what`."""
        found = [value for value, one in enumerate(self.names) if one.casefold() == name.casefold()]
        if not found:
            raise _wrong(f"{what} is {name!r:.60}, and the labels have no such class; name one of {self._listed}.")
        if len(found) > 1:
            detail = (
                f"The values {', '.join(map(str, found))} are all called {name!r:.60}; give each a name of its own."
            )
            raise _wrong(detail)
        return found[0]

    def seen(self, labels: NDArray[np.integer]) -> Bytes:
        """Return `labels` in classes of `oem.NAMES`; what has no data stays 255."""
        table = np.full(256, NO_DATA, np.uint8)
        table[: len(self.like)] = self.like
        return np.asarray(table[labels])

    def transitions(self, asked: ChangeParameters) -> Transitions:
        """Return what may become what: the person's table, the published one, or what follows from it by likeness.

        Parts too small to be objects stay in all of them: what is not said to change shows no change.
        """
        if asked.table:
            said = pairs_of_text(asked.table, "table")
            return own(self.names, {name: [one.strip() for one in others.split(",")] for name, others in said})
        if self.names == oem.NAMES:
            return replace(OEM, unknown=None)
        known = {
            name: oem.NAMES[kind]
            for name, kind in zip(self.names, self.like, strict=True)
            if kind != oem.UNKNOWN or self.how[name] == "said"
        }
        return alike(self.names, known)

    def described(self) -> list[dict[str, Any]]:
        """Return them as the record tells them."""
        return [
            {"value": value, "name": name, "like": oem.NAMES[kind], "how": self.how[name]}
            for value, (name, kind) in enumerate(zip(self.names, self.like, strict=True))
        ]

    @property
    def _listed(self) -> str:
        return ", ".join(self.names)


def classes_of(names: Sequence[str], like: str) -> Classes:
    """Return the classes called `names`; `like` (`house=building;oak=tree`) says what they are like, before all else.

    Raises:
        BadInput: PARAMETER_INVALID for a name that is no class, or a likeness that there is not.
    """
    said = dict(pairs_of_text(like, "like"))
    stranger = next((name for name in said if name not in names), None)
    if stranger is not None:
        raise _wrong(f"like says what {stranger!r:.60} is like, and the classes are {', '.join(names)}; name these.")
    kinds, how = [], {}
    for name in names:
        kind, how[name] = _kind(name, said)
        kinds.append(kind)
    return Classes(tuple(names), tuple(kinds), how)


def _kind(name: str, said: Mapping[str, str]) -> tuple[int, str]:
    if name in said:
        found = _words()[0].get(said[name].casefold())
        if found is None:
            raise _wrong(f"{name!r:.60} is said to be like {said[name]!r:.60}; name one of {', '.join(oem.NAMES)}.")
        return found, "said"
    for words, how in zip(_words(), ("same", "synonym"), strict=True):
        if name.casefold() in words:
            return words[name.casefold()], how
    return oem.UNKNOWN, "none"


@cache
def _words() -> tuple[dict[str, int], dict[str, int]]:
    """Return the class of each of its names, and of words for it."""
    table: dict[str, list[str]] = json.loads(SYNONYMS.read_text(encoding="utf-8"))
    numbers = {name: number for number, name in enumerate(oem.NAMES)}
    return numbers, {word: numbers[name] for name, words in table.items() for word in words}


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
