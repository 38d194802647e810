"""Nouns for the granularity head: things that are counted, and cover that is measured.

MEANINGS has their Chinese, from the lexicon; the further ones are asked for in English only.
"""

from __future__ import annotations

import json

from backend.tasks.ground_policy.chinese import lexicon
from backend.tasks.ground_policy.nouns import FILE

_DATA = json.loads(FILE.read_text(encoding="utf-8"))
THINGS, MORE_THINGS = tuple(_DATA["things"]), tuple(_DATA["more_things"])
COVER, MORE_COVER = tuple(_DATA["cover"]), tuple(_DATA["more_cover"])
MEANINGS = {english: chinese for chinese, english in reversed(lexicon().terms.items())}


def plural(noun: str) -> str:
    """Return the English plural of `noun`; cover has none."""
    if noun in COVER or noun in MORE_COVER or noun.endswith("aircraft"):
        return noun
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
