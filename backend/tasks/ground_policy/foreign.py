"""Languages in Latin letters that the text towers do not read, told from English by what is certain only.

Certain is a letter that English never borrows, a particle among other words ("maison avec jardin"), or that every word
but articles is a noun of the field in another language ("piscina", "la casa"). All else passes: English has borrowed
café, favela and playa, and names of places are in every language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("foreign.json")
WORD = re.compile(r"[^\W\d_]+")
PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
SHORT = 2
"""Words of so few letters are not judged."""


@dataclass(frozen=True)
class Foreign:
    """What tells another language: `nouns` of the field, `particles` and `articles`, and `letters`."""

    nouns: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    letters: frozenset[str]


@cache
def foreign() -> Foreign:
    """Return the words that ship."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    nouns = frozenset(word for words in data["nouns"].values() for word in words.split())
    particles, articles = (frozenset(data[name].split()) for name in ("particles", "articles"))
    return Foreign(nouns, particles, articles, frozenset(data["letters"]))


def is_foreign(phrase: str) -> bool:
    """Return whether `phrase`, in Latin letters, is certainly not English."""
    plain = unicodedata.normalize("NFC", phrase).lower()
    words, known = WORD.findall(plain), foreign()
    content = [word for word in words if word not in known.articles]
    by_nouns = any(word in known.nouns for word in content) and known.nouns | known.particles >= set(content)
    by_particle = len(words) > 1 and any(word in known.particles for word in words)
    return by_nouns or by_particle or not known.letters.isdisjoint(plain)


def unknown_words(phrase: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """Return the words of `phrase` that are in no form of `vocabulary`, plain lower-case words without accents."""
    plain = unicodedata.normalize("NFD", phrase)
    marks = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    words = (word for word in WORD.findall(marks) if len(word) > SHORT)
    return tuple(dict.fromkeys(word for word in words if not _forms(word.lower()) & vocabulary))


def _forms(word: str) -> set[str]:
    return {word, *(word[: -len(end)] + instead for end, instead in PLURALS if word.endswith(end))}
