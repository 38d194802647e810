"""A run's files in a folder of the user's: a folder a run, which appears whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Iterator
from uuid import uuid4

from ..gis.refused import Refused, tr

LONGEST = 60
"""Characters of a folder's name; Windows counts whole paths, up to 260."""


def check_folder(folder: Path) -> None:
    """Raise `Refused` where nothing can be written into `folder`."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        text = tr("Nothing can be written into “{}”; choose another folder for the results.")
        raise Refused(text.format(folder)) from error


def keep(found: Path, into: Path, title: str) -> Path:
    """Move the folder `found` into the folder `into`, named after `title`, and return its new place.

    Any thread may call; it takes as long as copying: `found` goes only once all of it is in its new place.

    Raises:
        Refused: it cannot be moved; everything is where it was.
    """
    target = next(place for place in _places(into, title) if not place.exists())
    beside = target.with_name(f".{uuid4().hex}.part")
    try:
        _copy_folder(found, beside)
        beside.rename(target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        text = tr("The results cannot be moved into “{}”; they stay in “{}”.")
        raise Refused(text.format(into, found)) from error
    shutil.rmtree(found, ignore_errors=True)
    return target


def _copy_folder(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.iterdir():
        (_copy_folder if path.is_dir() else _copy)(path, target / path.name)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("xb") as write:
        shutil.copyfileobj(read, write)
        write.flush()
        os.fsync(write.fileno())


def _places(into: Path, title: str) -> Iterator[Path]:
    name = re.sub(r"[^\w\- ;；,.]+", "_", title)[:LONGEST].strip(" .") or "toposcope"
    yield into / name
    number = 2
    while True:
        yield into / f"{name} {number}"
        number += 1
