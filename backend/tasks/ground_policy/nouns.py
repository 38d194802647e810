"""What some five hundred nouns name: things one counts, or cover one measures."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("nouns.json")
THING, COVER = "thing", "cover"


def kind_of(noun: str) -> str:
    """Return `thing` or `cover` by the longest known ending of an English noun (“oil storage tanks”), or nothing."""
    words = noun.lower().split()
    endings = (" ".join([*words[start:-1], last]) for start in range(len(words)) for last in _singular(words[-1]))
    return next((kinds()[ending] for ending in endings if ending in kinds()), "")


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """Return the kind of each noun of the list."""
    lists: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    kind = {"things": THING, "more_things": THING, "cover": COVER, "more_cover": COVER}
    return {noun: kind[name] for name, nouns in lists.items() for noun in nouns}


def _singular(word: str) -> list[str]:
    """Return a word, and what it may be the plural of."""
    ends = (("s", ""), ("es", ""), ("ies", "y"))
    return [word, *(word.removesuffix(end) + more for end, more in ends if word.endswith(end))]
