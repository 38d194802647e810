"""A log file that stays small: at a size it becomes `<name>.1`, and the one before that goes.

What is logged goes on where the log cannot: a full disk costs lines, a file that another program holds stays as it is.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import List

LARGEST = 2 * 2**20
TAIL = 16 * 2**10


class LogFile:
    """Lines with their time, appended to `path`; at 2 MiB a new file begins and one old one is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, line: str) -> None:
        """Append one line."""
        with suppress(OSError):
            if self._file.tell() > LARGEST:
                self._turn()
            self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n".encode())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _turn(self) -> None:
        self._file.close()
        with suppress(OSError):  # on Windows a file that is open elsewhere, and then it goes on growing
            self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("ab", buffering=0)


def size_of(path: Path) -> int:
    """Return the size of `path` in bytes, 0 where there is no such file."""
    return path.stat().st_size if path.exists() else 0


def lines_since(path: Path, start: int) -> List[str]:
    """Return the last lines (16 KiB) written to `path` after byte `start`; a file that began anew is read whole."""
    size = size_of(path)
    if not size:
        return []
    start = 0 if size < start else start
    with path.open("rb") as file:
        file.seek(max(start, size - TAIL))
        return file.read(TAIL).decode("utf-8", "replace").splitlines()
