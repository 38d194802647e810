"""Phrases as a person types them: several in one line, with semicolons (English or Chinese ones) between them."""

from __future__ import annotations

import re
from typing import List

SEPARATORS = ";；"
_SEPARATOR = re.compile(f"[{SEPARATORS}]")


def split(text: str) -> List[str]:
    """Return the phrases of `building; swimming pool`, in their order."""
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def join(phrases: List[str]) -> str:
    """Return phrases as one line, as the backend reads it."""
    return "; ".join(phrases)


def head_and_last(text: str) -> List[str]:
    """Return what stands before the phrase being typed, with its semicolon, and that phrase."""
    at = max(text.rfind(separator) for separator in SEPARATORS) + 1
    return [text[:at], text[at:].lstrip()]
