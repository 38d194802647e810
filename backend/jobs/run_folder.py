"""A job's own folder: marked while the job runs, kept when it succeeds, gone when it does not.

The marker lets a later start of the backend remove what a killed one left half done.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

MARKER = ".incomplete"
ABANDONED_AFTER_S = 24 * 3600


def create(root: Path, job_id: str) -> Path:
    """Make the folder of a job and mark it incomplete."""
    folder = root / job_id
    folder.mkdir(mode=0o700, parents=True)
    (folder / MARKER).touch()
    return folder


def complete(folder: Path) -> None:
    """Mark the folder as holding a result; a folder that holds none is removed."""
    (folder / MARKER).unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def touch(folder: Path) -> None:
    """Say that the job is alive."""
    (folder / MARKER).touch()


def discard(folder: Path) -> None:
    """Remove the folder and everything in it."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(root: Path, older_than_s: float = ABANDONED_AFTER_S) -> list[Path]:
    """Remove folders whose job was last alive `older_than_s` seconds ago, and return them."""
    limit = time.time() - older_than_s
    abandoned = [path.parent for path in root.glob(f"*/{MARKER}") if path.stat().st_mtime < limit]
    for folder in abandoned:
        discard(folder)
    return abandoned
