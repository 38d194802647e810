"""How far a command is, on a screen; nothing where a program reads what is said."""

from __future__ import annotations

import sys

APART = 5.0
"""Percent between two lines."""


class Progress:
    """Takes percent and a sentence, and says every now and then where a run is."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, percent: float, message: str) -> None:
        """Say it where standard error is a screen and enough was done since the last line."""
        if sys.stderr.isatty() and percent >= self._said + APART:
            self._said = percent
            sys.stderr.write(f"{percent:.0f} % {message}\n")
