"""Files that appear whole or not at all, with failures of the disk told apart from those of the network."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator

from .failures import FILE_UNWRITABLE, ClientError, failure


@contextmanager
def part_file(target: Path) -> Iterator[PartFile]:
    """Yield a file that takes the name `target` only when the block ends well."""
    with _unwritable(target):
        part = PartFile(target)
    try:
        yield part
        part.commit()
    finally:
        part.discard()


class PartFile:
    """A file beside `target` under a temporary name."""

    def __init__(self, target: Path) -> None:
        self._target = target
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        self._file = os.fdopen(descriptor, "wb")
        self._path = Path(name)

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        with _unwritable(self._target):
            self._file.write(chunk)

    def commit(self) -> None:
        """Give the file its name."""
        with _unwritable(self._target):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.replace(self._target)

    def discard(self) -> None:
        """Remove what is left under the temporary name."""
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


@contextmanager
def _unwritable(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        detail = f"{target.name} cannot be written: {error.strerror}."
        raise ClientError(failure(FILE_UNWRITABLE, detail)) from error
