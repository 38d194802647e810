"""Errors on the wire: problem+json (RFC 9457) with a stable `code`."""

from __future__ import annotations

from dataclasses import dataclass

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """One failure: `detail` is one clear sentence for a person, `code` one of `codes`."""

    code: str
    detail: str
    status: int = 500
    title: str = ""
    type: str = "about:blank"
