"""Folders that belong to one running process: a lock says so, and what a killed process left can be removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

LOCK = ".held"
FINISHED = b"finished"


def hold(folder: Path, name: str = LOCK) -> int:
    """Make `folder` this process's own, by a lock file `name` in it, until the descriptor returned is closed.

    Raises:
        OSError: it cannot be made or written, or another process holds it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    _lock(descriptor)
    return descriptor


def finish(descriptor: int, lock: Path) -> None:
    """End holding a folder whose content stays.

    Windows removes no open file: there a word in it tells a sweep between close and removal to leave the folder alone.
    """
    os.write(descriptor, FINISHED)
    if sys.platform != "win32":
        lock.unlink()
    os.close(descriptor)
    lock.unlink(missing_ok=True)


def sweep(root: Path, name: str = LOCK) -> list[Path]:
    """Remove the folders in `root` that a process held which no longer runs, and return them."""
    left = [lock.parent for lock in root.glob(f"*/{name}") if _is_free(lock)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return left


def _is_free(lock: Path) -> bool:
    with contextlib.suppress(OSError):
        descriptor = os.open(lock, os.O_RDWR)
        try:
            _lock(descriptor)
            return os.fstat(descriptor).st_size == 0
        finally:
            os.close(descriptor)
    return False


def _lock(descriptor: int) -> None:
    """Lock a file for as long as it is open, at once or with an OSError."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
