"""Takes out of a text what must not leave the machine with a report: paths, names of people, tokens, addresses."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

_RULES = (
    (re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s'\"<>]+"), "<address>"),
    (re.compile(r"(['\"])(?:[A-Za-z]:[\\/]|\\\\|/|~[\\/]).*?\1"), "<path>"),
    (re.compile(r"(?:\b[A-Za-z]:[\\/]|\\\\)[^\s'\",;:)\]]*"), "<path>"),
    (re.compile(r"(?<![\w<.~])~?/[^\s'\",;:)\]/]+(?:/[^\s'\",;:)\]/]*)*"), "<path>"),
    (re.compile(r"(?i)\b(bearer)\s+\S+"), r"\1 <hidden>"),
    (re.compile(r"(?i)\b(token|password|secret|key)\s*[:=]\s*\S+"), r"\1: <hidden>"),
    (re.compile(r"\bhf_[A-Za-z0-9]{8,}"), "<hidden>"),
    (re.compile(r"\b[A-Za-z0-9_-]{40,}\b"), "<hidden>"),
)


def redact(text: str) -> str:
    """Return `text` with paths, addresses, tokens and the user's name replaced by what they were."""
    text = text.replace(str(Path.home()), "~")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    name = getpass.getuser()
    return re.sub(rf"\b{re.escape(name)}\b", "<user>", text) if len(name) > 2 else text
