"""Phrases in the language the text towers know: English stays, Chinese is translated, anything else is refused."""

from __future__ import annotations

import unicodedata

from backend.errors import BadInput
from backend.protocol import codes

from .chinese import HAN, read
from .foreign import is_foreign

LONGEST, LONGEST_CHINESE = 300, 80


def to_english(phrase: str) -> str:
    """Return `phrase` in English: as it is where it is written in Latin letters, word for word where in Chinese.

    Raises:
        BadInput: PROMPT_INVALID where the phrase is too long, in another script, certainly in another language, or has
            Chinese words nobody taught us.
    """
    longest = LONGEST_CHINESE if is_chinese(phrase) else LONGEST
    if len(phrase) > longest:
        detail = f"The phrase {shown(phrase)} is {len(phrase)} characters long; give at most {longest}."
        raise BadInput(codes.PROMPT_INVALID, detail)
    check_language(phrase)
    if not is_chinese(phrase):
        return phrase
    reading = read(phrase)
    if reading.unknown:
        parts = ", ".join(f"“{part}”" for part in dict.fromkeys(reading.unknown))
        detail = f"{parts} in {shown(phrase)} is not understood; name it with another Chinese word, or in English."
        raise BadInput(codes.PROMPT_INVALID, detail)
    if not reading.english:
        detail = f"The phrase {shown(phrase)} names nothing; write what to look for, as 游泳池 or “swimming pool”."
        raise BadInput(codes.PROMPT_INVALID, detail)
    return reading.english


def is_chinese(phrase: str) -> bool:
    """Say whether any character of `phrase` is Chinese."""
    return HAN.search(phrase) is not None


def check_language(phrase: str) -> None:
    """Raise BadInput (PROMPT_INVALID) where `phrase` is in another script, or certainly neither English nor Chinese."""
    check_script(phrase)
    if not is_chinese(phrase) and is_foreign(phrase):
        detail = f"{shown(phrase)} is not English; write the phrase in English or Chinese."
        raise BadInput(codes.PROMPT_INVALID, detail)


def check_script(phrase: str) -> None:
    """Raise BadInput (PROMPT_INVALID) where a letter of `phrase` is neither Latin nor Chinese."""
    for letter in phrase:
        if unicodedata.category(letter)[0] != "L" or HAN.match(letter):
            continue
        script = unicodedata.name(letter, "an unknown script").split()[0]
        if script not in ("LATIN", "FULLWIDTH", "FEMININE", "MASCULINE", "MODIFIER"):
            detail = f"{shown(phrase)} has letters in {script.title()} script; write the phrase in English or Chinese."
            raise BadInput(codes.PROMPT_INVALID, detail)


def shown(phrase: str) -> str:
    """Return `phrase` quoted, cut where it is long."""
    return f"“{phrase[:40]}…”" if len(phrase) > 41 else f"“{phrase}”"
