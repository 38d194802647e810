"""Questions with their granularity, drawn from forms and nouns; a quarter of both is held out, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from backend.tasks.ground_policy.granularity import NAMES, as_read
from backend.training.granularity_nouns import COVER, MEANINGS, MORE_COVER, MORE_THINGS, THINGS, plural
from backend.training.granularity_questions import BARE, FORMS, OPENERS, TAILS, Pairs

HELD = 0.25
BARE_SHARE, DRESSED = 0.25, 0.3
EMPTY_WORDS = frozenset(("the", "a", "of", "all", "is", "are", "this", "in", "ship", "ships", "object"))

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """A question as a person types it.

    Attributes:
        text: in its language.
        language: en or zh.
        label: index into NAMES.
        bare: a noun phrase alone, whose granularity is that of its noun.
    """

    text: str
    language: str
    label: int
    bare: bool


@dataclass(frozen=True)
class Part:
    """The forms, (English, Chinese) by granularity and bare, and the nouns of one side of the split."""

    forms: dict[str, Pairs]
    bare: Pairs
    things: tuple[str, ...]
    cover: tuple[str, ...]


def split(seed: int) -> tuple[Part, Part]:
    """Return what teaches and what is held out; they share no noun, no form and, in a class, no wording."""
    drawn = np.random.default_rng(seed)
    things, cover, bare = (
        _by_head(drawn, THINGS + MORE_THINGS),
        _by_head(drawn, COVER + MORE_COVER),
        _halves(drawn, BARE),
    )
    forms = {name: _by_wording(drawn, pairs) for name, pairs in FORMS.items()}
    teaching, held = (Part({n: f[i] for n, f in forms.items()}, bare[i], things[i], cover[i]) for i in (0, 1))
    return teaching, held


def everything() -> Part:
    """Return all forms and nouns, to teach the head that ships."""
    return Part(FORMS, BARE, THINGS + MORE_THINGS, COVER + MORE_COVER)


def wording(form: str) -> tuple[str, ...]:
    """Return what a form says apart from its nouns and little words, whatever the order and the language."""
    chinese = form.isascii() is False
    noun = "船" if chinese else "ship"
    text = form.replace("{s}", "{}").replace("{other}", "{}").replace("{}", noun)
    return tuple(sorted(set(as_read(text).lower().split()) - EMPTY_WORDS))


def questions(part: Part, count: int, drawn: np.random.Generator) -> list[Question]:
    """Return `count` questions of each granularity, half of them Chinese; a quarter of region's and pixel's is bare."""
    return [_question(part, label, i % 2, drawn) for label in range(len(NAMES)) for i in range(count)]


def _question(part: Part, label: int, language: int, drawn: np.random.Generator) -> Question:
    name = NAMES[label]
    bare = name != "image" and drawn.random() < BARE_SHARE
    every = _sayable(part.things + part.cover, language)
    nouns = _sayable({"region": part.things, "pixel": part.cover}[name], language) if bare else every
    form = _one(drawn, part.bare if bare else part.forms[name])[language]
    if not bare and drawn.random() < DRESSED:
        form = _one(drawn, OPENERS)[language].replace("{}", form)
    if not bare and name != "image" and drawn.random() < DRESSED:
        form = _one(drawn, TAILS)[language].replace("{}", form)
    text = _named(form, _one(drawn, nouns), _one(drawn, every), language)
    return Question(text, ("en", "zh")[language], label, bare)


def _named(form: str, noun: str, other: str, language: int) -> str:
    if language:
        return form.replace("{other}", MEANINGS[other]).replace("{}", MEANINGS[noun])
    return form.replace("{other}", other).replace("{s}", plural(noun)).replace("{}", noun)


def _sayable(nouns: tuple[str, ...], language: int) -> tuple[str, ...]:
    return tuple(noun for noun in nouns if noun in MEANINGS) if language else nouns


def _one(drawn: np.random.Generator, values: tuple[T, ...]) -> T:
    return values[int(drawn.integers(len(values)))]


def _by_head(drawn: np.random.Generator, nouns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split nouns so that those with the same last word (fishing boat, boat) are on one side."""
    heads = tuple(sorted({noun.split()[-1] for noun in nouns}))
    held = set(_halves(drawn, heads)[1])
    parts = ([n for n in nouns if n.split()[-1] not in held], [n for n in nouns if n.split()[-1] in held])
    return tuple(parts[0]), tuple(parts[1])


def _by_wording(drawn: np.random.Generator, pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Split pairs so that those with a wording in common are on one side."""
    groups: list[tuple[set[tuple[str, ...]], list[tuple[str, str]]]] = []
    for pair in pairs:
        wordings, members = {wording(form) for form in pair}, [pair]
        for group in [group for group in groups if group[0] & wordings]:
            wordings, members = wordings | group[0], group[1] + members
            groups.remove(group)
        groups.append((wordings, members))
    sides = _halves(drawn, tuple(tuple(members) for _, members in groups))
    return tuple(p for m in sides[0] for p in m), tuple(p for m in sides[1] for p in m)


def _halves(drawn: np.random.Generator, values: tuple[T, ...]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    held = set(drawn.permutation(len(values))[: round(HELD * len(values))].tolist())
    return tuple(v for i, v in enumerate(values) if i not in held), tuple(values[i] for i in sorted(held))
