"""Synonyms: a phrase such as `building, roof, house` is asked for as three words, of which the best counts.

Every comma (, ， 、) parts synonyms, but not where what follows it only goes on with what stood before ("houses, with
red roofs") or what precedes it is nothing but a quality ("large, round tanks").
"""

from __future__ import annotations

import re

from backend.tasks.ground_policy.subject import is_quality

COMMA = re.compile("[,，、]")
OR = re.compile(r"(?:and|or)\s+", re.IGNORECASE)
GOES_ON = re.compile(
    r"(?:with|without|near|next|in|on|at|by|of|from|to|for|along|around|between|beside|behind|under|over|above|below|inside"
    r"|outside|within|that|which|who|where|whose|but|not|except|including|excluding|such|like|covered|surrounded)\b",
    re.IGNORECASE,
)


def synonyms_of(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase, each once, in their order; a phrase without commas is one."""
    found: list[str] = []
    before = ""
    for part in (" ".join(part.split()) for part in COMMA.split(phrase)):
        if not part:
            continue
        if is_quality(f"{before}{part}"):
            before = f"{before}{part}, "
        elif found and not before and GOES_ON.match(part):
            found[-1] += f", {part}"
        else:
            found.append(before + (OR.sub("", part, count=1) if found else part))
            before = ""
    if before:
        found.append(before.rstrip(", "))
    return tuple(dict.fromkeys(found))
