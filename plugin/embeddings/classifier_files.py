"""Classifiers as small files. What is in them is the backend's to judge."""

from __future__ import annotations

import os
from pathlib import Path

from ..gis.refused import Refused, tr

LARGEST = 16_000_000
"""Bytes; a classifier travels in a request."""


def write_classifier(path: Path, text: str) -> None:
    """Keep a classifier. Raises Refused where it cannot be written; a file appears whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)  # noqa: PTH105 - says that an existing file is replaced, also on Windows
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Refused(tr("“{}” cannot be written; choose another folder.").format(path.name)) from error


def read_classifier(path: Path) -> str:
    """Return what a file holds. Raises Refused where it cannot be read as text or is far too large."""
    try:
        if path.stat().st_size <= LARGEST:
            return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Refused(tr("“{}” cannot be read; choose a classifier saved here.").format(path.name)) from error
    raise Refused(tr("“{}” is too large for a classifier; choose one saved here.").format(path.name))
