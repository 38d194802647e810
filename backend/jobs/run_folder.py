"""A job's own folder: locked while the job runs, kept when it succeeds, gone when it does not.

The lock ends with the process, so that the next start of a backend removes what a killed one left half done.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from backend.jobs import held_folder

MARKER = ".incomplete"


@dataclass(frozen=True)
class RunFolder:
    """A folder this process holds until `complete` or `discard`; `held` is the descriptor of its lock."""

    path: Path
    held: int

    def complete(self) -> None:
        """Let go of the folder and keep the result in it; a folder that holds none is removed."""
        held_folder.finish(self.held, self.path / MARKER)
        if not any(self.path.iterdir()):
            self.path.rmdir()

    def discard(self) -> None:
        """Let go of the folder and remove it with everything in it."""
        os.close(self.held)
        remove(self.path)


def create(root: Path, job_id: str) -> RunFolder:
    """Make the folder of a job. Raises OSError."""
    folder = root / job_id
    folder.mkdir(mode=0o700, parents=True)
    return RunFolder(folder, held_folder.hold(folder, MARKER))


def remove(folder: Path) -> None:
    """Remove a folder and everything in it."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(root: Path) -> list[Path]:
    """Remove the folders of jobs whose process is gone, and return them."""
    return held_folder.sweep(root, MARKER)
