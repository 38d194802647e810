"""What a stopped run left in a folder, for the same request to go on from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from backend.geo.atomic import write_bytes

Keep = Callable[[str], AbstractContextManager[Path]]
"""Takes a key and opens the folder of what a stopped run of that key left; it is gone once the block succeeds."""


def begun_at(folder: Path, now: str) -> str:
    """Return when work on what `folder` keeps was begun: now, unless a run that stopped left it there."""
    path = folder / "begun"
    if not path.exists():
        write_bytes(path, now.encode())
    return path.read_text(encoding="utf-8")
