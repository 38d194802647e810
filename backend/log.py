"""Log lines: time, level, where, what; with secrets taken out, also of tracebacks."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

NAME = "backend"
SECRET = re.compile(r"(?i)(hf_[a-z0-9]{8,}|(?<=bearer )\S+|(?<=token=)[^&\s]+|(?<=://)[^/\s@]+(?=@))")


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = f"{self.formatTime(record)} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return without_secrets(text)


def without_secrets(text: str) -> str:
    """Return `text` with bearer tokens, hub tokens and the credentials of URLs replaced."""
    return SECRET.sub("…", text)


def set_up(stream: TextIO | None = None) -> logging.Logger:
    """Send the backend's log and other libraries' warnings to `stream` (stderr by default); return the logger."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Line())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logger = logging.getLogger(NAME)
    logger.setLevel(logging.INFO)
    return logger
