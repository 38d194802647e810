"""The phrases of a request, as the model reads them."""

from __future__ import annotations

import re
import unicodedata

from backend.errors import BadInput
from backend.protocol import codes
from backend.tasks.ground_policy.language import check_language, to_english
from backend.tasks.ground_policy.subject import subject_of

from .synonyms import synonyms_of

MOST_PHRASES, LONGEST, LONGEST_TEXT, MOST_WORDS = 100, 200, 10_000, 200
SEPARATOR = re.compile("[;；]")


def split_phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of `building; swimming pool`, in their order, each once.

    Raises:
        BadInput: PROMPT_INVALID for none, too many or too long ones.
    """
    if len(text) > LONGEST_TEXT:
        detail = f"The phrases have {len(text)} characters; at most {LONGEST_TEXT} are read, a few words name a thing."
        raise BadInput(codes.PROMPT_INVALID, detail)
    phrases = tuple(dict.fromkeys(" ".join(part.split()) for part in SEPARATOR.split(text) if part.strip()))
    if not phrases:
        raise BadInput(codes.PROMPT_INVALID, "There is no phrase; write what to look for, such as 'building; lake'.")
    if len(phrases) > MOST_PHRASES:
        raise BadInput(codes.PROMPT_INVALID, f"{len(phrases)} phrases are too many; give at most {MOST_PHRASES}.")
    for phrase in phrases:
        _check(phrase)
    return phrases


def in_english(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return each phrase's words, its synonyms: in English, of a question only what it is about, which may be nothing.

    Raises:
        BadInput: PROMPT_INVALID, naming the phrase whose language is not read, or too many words.
    """
    found = tuple(_words(phrase) for phrase in phrases)
    count = sum(map(len, found))
    if count > MOST_WORDS:
        detail = f"The phrases have {count} words between commas; give at most {MOST_WORDS}."
        raise BadInput(codes.PROMPT_INVALID, detail)
    return found


def _words(phrase: str) -> tuple[str, ...]:
    parts = synonyms_of(phrase)
    for part in parts:
        check_language(part)
    try:
        words = [subject_of(to_english(part)) for part in parts]
    except BadInput:
        words = [subject_of(to_english(phrase))]  # Chinese with a comma in it, of which a part says nothing by itself
    return tuple(dict.fromkeys(word for word in words if word))


def check_length(phrase: str) -> None:
    """Raise PROMPT_INVALID for what is too long for a phrase."""
    if len(phrase) > LONGEST:
        detail = f"The phrase {phrase[:40] + '…'!r} has {len(phrase)} characters; say it in at most {LONGEST}."
        raise BadInput(codes.PROMPT_INVALID, detail)


def _check(phrase: str) -> None:
    check_length(phrase)
    if any(unicodedata.category(character).startswith("C") for character in phrase):
        raise BadInput(codes.PROMPT_INVALID, f"The phrase {phrase[:40]!r} holds characters that are no text.")
    if not any(unicodedata.category(character).startswith("L") for character in phrase):
        raise BadInput(codes.PROMPT_INVALID, f"The phrase {phrase[:40]!r} holds no word; write what to look for.")
