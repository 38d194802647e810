"""What stopped jobs left to go on from: a folder a request, held while a job works in it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.errors import BadInput
from backend.jobs import held_folder
from backend.protocol import codes

FOLDER = ".unfinished"
KEPT = 4
"""Folders of stopped jobs beyond this many are removed, the oldest first."""
WRONG = (
    codes.PARAMETER_INVALID,
    codes.PROMPT_INVALID,
    codes.PROMPT_OUTSIDE,
    codes.NO_VALID_PIXELS,
    codes.NOTHING_CHANGES,
    codes.MODEL_UNKNOWN,
    codes.SOURCE_REFUSED,
    codes.SOURCE_TOO_LARGE,
)
"""Errors that the same request meets again. A drive that went away or a result open elsewhere is another matter."""


class Unfinished:
    """The folders below a root."""

    def __init__(self, runs: Path) -> None:
        """Keep them in a folder within `runs`."""
        self._root = runs / FOLDER

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        """Hold the folder of `key` (letters and digits) for the block, with what an earlier run of that key left.

        It is removed where the block succeeds or the request turns out to be wrong, and stays where it was stopped or
        something else failed. While another process holds it, the block gets one of its own.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        folder, held = self._held(key)
        os.utime(folder)
        keep = True
        try:
            yield folder
            keep = False
        except BadInput as error:
            keep = error.code not in WRONG
            raise
        finally:
            os.close(held)
            if keep:
                self._prune()
            else:
                shutil.rmtree(folder, ignore_errors=True)

    def _held(self, key: str) -> tuple[Path, int]:
        try:
            return self._root / key, held_folder.hold(self._root / key)
        except OSError:
            own = self._root / f"{key}-{secrets.token_hex(4)}"
            return own, held_folder.hold(own)

    def _prune(self) -> None:
        folders = sorted(self._root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in folders[KEPT:]:
            with contextlib.suppress(OSError):
                held = held_folder.hold(folder)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
