"""Files appear whole or not at all: written beside, flushed to the disk, renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


def write_bytes(path: Path, data: bytes) -> None:
    """Make `path` a file of `data`, replacing what was there.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE. In both cases `path` is as it was and nothing is left beside it.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise write_error(path, error) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def write_error(path: Path, error: OSError) -> Unavailable | BadInput:
    """Return what is to be said about `error`, met while writing `path`."""
    if error.errno in _FULL:
        detail = f"{path.name!r} was not written: the disk is full; free some space or choose another folder."
        return Unavailable(codes.DISK_FULL, detail, status=507)
    reason = error.strerror or "the system refused"
    return BadInput(codes.OUTPUT_UNWRITABLE, f"{path.name!r} was not written: {reason.lower()}; choose another place.")


def _flush_folder(folder: Path) -> None:
    """Put the renaming itself on the disk; not every system lets a folder be opened for that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
