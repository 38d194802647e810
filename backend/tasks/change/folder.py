"""The folder of a change job's results: it appears whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.errors import BadInput
from backend.geo.atomic import write_error
from backend.protocol import codes


def check_folder(out: Path) -> None:
    """Raise OUTPUT_UNWRITABLE where `out` cannot become a folder of results: nothing that is there is replaced."""
    name = f"{out.name!r:.80}"
    if "\0" in str(out) or not out.is_absolute() or not out.name:
        raise _wrong(f"{name} cannot be written: give the absolute path of a folder.")
    try:
        if not out.parent.is_dir():
            raise _wrong(f"The folder for {name} does not exist; create it or choose another.")
        if out.exists() and not out.is_dir():
            raise _wrong(f"{name} is a file; give the results a folder of another name.")
        if out.is_dir() and any(out.iterdir()):
            raise _wrong(f"{name} is not empty; choose a new folder, or empty it.")
    except OSError as error:
        raise write_error(out, error) from error
    if not os.access(out.parent, os.W_OK):
        raise _wrong(f"{name} cannot be written there: its folder is protected; choose another.")


@contextmanager
def filling(out: Path) -> Iterator[Path]:
    """Give a folder that becomes `out` at the end of the block, or is removed where it ends in an error.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    beside = out.with_name(f".{secrets.token_hex(8)}.part")
    try:
        beside.mkdir()
        yield beside
        if out.is_dir():
            out.rmdir()  # an empty one, as was checked
        beside.rename(out)
    except OSError as error:
        raise write_error(out, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def carry(folder: Path, to: Path) -> None:
    """Put a finished folder where it belongs; onto another disk it is copied. Raises OSError."""
    try:
        folder.rename(to)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copytree(folder, to)


def clear(folder: Path) -> None:
    """Remove what an earlier run left half written in a folder of its pairs."""
    for part in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            shutil.rmtree(part)


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.OUTPUT_UNWRITABLE, sentence)
