"""Is there room on the disk? Asked before a run that may take hours."""

from __future__ import annotations

import shutil
from pathlib import Path

from backend.errors import Unavailable
from backend.protocol import codes

SPARE = 2**26
"""Bytes that stay free."""


def check_room(what: str, instead: str, *needed: tuple[Path, int]) -> None:
    """Raise DISK_FULL where a disk has no room for the bytes `needed` in folders that exist; one disk takes their sum.

    Args:
        what: what is to be written, as the subject of a sentence.
        instead: what to do rather than free some space.
    """
    disks: dict[int, tuple[Path, int]] = {}
    for folder, size in needed:
        disk = folder.stat().st_dev
        first, others = disks.get(disk, (folder, 0))
        disks[disk] = first, others + size
    for folder, size in disks.values():
        free = shutil.disk_usage(folder).free
        if size > max(0, free - SPARE):
            detail = (
                f"{what} may need {readable(size)} and {readable(free)} are free on the disk of {folder.name!r:.80}; "
                f"free some space, or {instead}."
            )
            raise Unavailable(codes.DISK_FULL, detail, status=507)


def readable(count: float) -> str:
    """Return bytes in the unit that suits them."""
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:,.1f} TB"
