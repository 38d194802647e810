"""The classes in which painters of change see land cover: OpenEarthMap's, and the words that mean them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import FrozenSet

from .refused import tr

COLOURS = {
    "bare land": "#800000",
    "rangeland": "#00FF24",
    "developed space": "#949494",
    "road": "#FFFFFF",
    "tree": "#226126",
    "water": "#0045FF",
    "agriculture land": "#4BB549",
    "building": "#DE1F07",
}
SYNONYMS = Path(__file__).parents[2] / "backend" / "tasks" / "change" / "synonyms.json"
"""The backend's own table, read as data: both then mean the same by a word."""


def is_obvious(name: str) -> bool:
    """Return whether a class's name says what it is like."""
    return name.casefold() in _words()


def shown_name(known: str) -> str:
    """Return one of the classes in the user's language."""
    names = {
        "bare land": tr("bare land"),
        "rangeland": tr("rangeland"),
        "developed space": tr("developed space"),
        "road": tr("road"),
        "tree": tr("tree"),
        "water": tr("water"),
        "agriculture land": tr("agriculture land"),
        "building": tr("building"),
    }
    return names.get(known, known)


@lru_cache(maxsize=1)
def _words() -> FrozenSet[str]:
    table = json.loads(SYNONYMS.read_text(encoding="utf-8"))
    return frozenset([*COLOURS, *(word for words in table.values() for word in words)])
