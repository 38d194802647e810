"""Words of phrases that the text tower reads by their parts only: in another language, misspelt, or rare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from backend.tasks.ground_policy.chinese import lexicon
from backend.tasks.ground_policy.foreign import foreign, unknown_words
from backend.tasks.ground_policy.language import is_chinese


def doubt_of(phrases: Sequence[str]) -> str:
    """Return a sentence on the words of `phrases`, as written, that may not be known; empty where nothing can tell."""
    from backend.models.mini_graphs import FOLDER

    if not (FOLDER / "text.json").is_file():
        return ""
    written = [phrase for phrase in phrases if not is_chinese(phrase)]
    unknown = dict.fromkeys(word for phrase in written for word in unknown_words(phrase, _vocabulary()))
    if not unknown:
        return ""
    words = ", ".join(f"“{word:.40}”" for word in list(unknown)[:5])
    return f"{words} may not be known to the model; where nothing fits, say it in other words, in English or Chinese."


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words of Mini's tower, but for other languages', and those of the field's lexicon."""
    from backend.models.mini_graphs import FOLDER
    from backend.models.mini_text import TextTower

    field = {word for english in lexicon().words.values() for word in re.findall("[a-z]+", english.lower())}
    return (TextTower(FOLDER).words - foreign().nouns) | field
