"""A log file that stays small: at a size it becomes `<name>.1`, and the one before that goes."""

from __future__ import annotations

import time
from pathlib import Path

LARGEST = 2 * 2**20


class LogFile:
    """Lines with their time, appended to `path`; at 2 MiB a new file begins and one old one is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def write(self, line: str) -> None:
        """Append one line."""
        if self._file.tell() > LARGEST:
            self._turn()
        self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _turn(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("a", encoding="utf-8")
