"""Files appear whole or not at all: written beside, flushed to the disk, renamed; several of one result together."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

ENDINGS = {".tif": (".tif", ".tiff")}
"""Endings of one kind of file that has several; in any case."""
FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


class Batch:
    """Files that appear together at the end of the block, or not at all where it ends in an error.

    Attributes:
        sha256: hex digest by path of what was added.
    """

    def __init__(self) -> None:
        self.sha256: dict[Path, str] = {}
        self._beside: dict[Path, Path] = {}
        self._folders: list[Path] = []

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._put_in_place()
        finally:
            self._clear()

    def folder(self, path: Path) -> None:
        """Make a folder where there is none; it goes again if nothing comes into it. Raises as `add`."""
        try:
            path.mkdir()
        except FileExistsError:
            if not path.is_dir():
                raise write_error(path, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))) from None
        except OSError as error:
            raise write_error(path, error) from error
        else:
            self._folders.append(path)

    def add(self, path: Path, data: bytes) -> None:
        """Write `data`, to become `path`, replacing what is there.

        Raises:
            Unavailable: DISK_FULL.
            BadInput: OUTPUT_UNWRITABLE.
        """
        beside = self._beside[path] = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise write_error(path, error) from error
        self.sha256[path] = hashlib.sha256(data).hexdigest()

    def write(self, path: Path, write: Callable[[Path], None]) -> Path:
        """Let `write` make a file at the path it is given, to become `path`; return where it lies until then.

        Raises as `add`, and what `write` does.
        """
        beside = self._beside[path] = path.with_name(f".{secrets.token_hex(8)}.part{path.suffix}")
        try:
            write(beside)
            with beside.open("rb+") as file:
                self.sha256[path] = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
        except OSError as error:
            raise write_error(path, error) from error
        return beside

    def write_folder(self, path: Path, write: Callable[[Path], None]) -> None:
        """Let `write` fill an empty folder, to become `path`, replacing what is there; see `check_folder`.

        Its sha256 is that of its files' list. Raises as `add`, and what `write` does.
        """
        beside = self._beside[path] = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            beside.mkdir()
            write(beside)
            self.sha256[path] = _folder_digest(beside)
            if hasattr(os, "sync"):  # thousands of files are not flushed one by one
                os.sync()
        except OSError as error:
            raise write_error(path, error) from error

    def _put_in_place(self) -> None:
        for path, beside in self._beside.items():
            try:
                _forget_journal(path)
                if beside.is_dir():
                    _replace_folder(beside, path)
                else:
                    beside.replace(path)
            except OSError as error:
                raise write_error(path, error) from error
        for folder in {path.parent for path in self._beside}:
            _flush_folder(folder)

    def _clear(self) -> None:
        """Remove what was not put in place."""
        for beside in self._beside.values():
            if beside.is_dir():
                shutil.rmtree(beside, ignore_errors=True)
            with contextlib.suppress(OSError):
                beside.unlink()
        for folder in self._folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


def write_bytes(path: Path, data: bytes) -> None:
    """Make `path` a file of `data`, replacing what was there.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE. In both cases `path` is as it was and nothing is left beside it.
    """
    with Batch() as batch:
        batch.add(path, data)


def has_suffix(path: Path, suffix: str) -> bool:
    """Return whether the name ends as files of the kind `suffix` do: .TIF and .tiff are .tif."""
    return path.suffix.lower() in ENDINGS.get(suffix, (suffix,))


def check_target(path: Path, suffix: str = "") -> None:
    """Raise BadInput (OUTPUT_UNWRITABLE) where no file, of the kind `suffix` if given, can be written at `path`."""
    name = f"{path.name!r:.80}"
    if "\0" in str(path) or not path.is_absolute():
        raise BadInput(codes.OUTPUT_UNWRITABLE, f"{name} cannot be written: give the absolute path of a file.")
    if suffix and not has_suffix(path, suffix):
        detail = f"{name} cannot be written: give the file a name that ends in {suffix}."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    try:
        folder, there = path.parent.is_dir(), path.is_dir()
    except OSError as error:
        raise write_error(path, error) from error
    if not folder:
        detail = f"The folder for {name} does not exist; create it or choose another."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    if there or not os.access(path.parent, os.W_OK):
        detail = f"{name} cannot be written there: it is a folder, or its folder is protected; choose another."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)


def check_folder(path: Path, known_by: str) -> None:
    """Raise BadInput (OUTPUT_UNWRITABLE) where no folder can be made at `path`.

    One that is there is replaced if it is empty or holds `known_by`, a file that folders of the kind have.
    """
    if not path.is_dir():
        check_target(path)
        if path.exists():
            detail = f"{path.name!r:.80} is a file and a folder is to be made there; choose another name."
            raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    elif any(path.iterdir()) and not (path / known_by).is_file():
        detail = f"{path.name!r:.80} is a folder with other files, which is not replaced; choose another name."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)


def check_replaces_none(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raise BadInput (OUTPUT_UNWRITABLE) where an output would replace an input of the run, or another output."""
    read = {path.resolve() for path in inputs if path}
    written: set[Path] = set()
    for path in (path for path in outputs if path):
        if path.resolve() in read:
            detail = f"{path.name!r:.80} is what is read; give the result another name."
            raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
        if path.resolve() in written:
            detail = f"{path.name!r:.80} is asked for twice; give each result a name of its own."
            raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
        written.add(path.resolve())


def write_error(path: Path, error: OSError) -> Unavailable | BadInput:
    """Return what is to be said about `error`, met while writing `path`."""
    name = f"{path.name!r:.80}"
    if error.errno in FULL:
        detail = f"{name} was not written: the disk is full; free some space or choose another folder."
        return Unavailable(codes.DISK_FULL, detail, status=507)
    reason = error.strerror or "the system refused"
    return BadInput(codes.OUTPUT_UNWRITABLE, f"{name} was not written: {reason.lower()}; choose another place.")


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{found}  {path.relative_to(folder).as_posix()}\n".encode())
    return digest.hexdigest()


def _replace_folder(beside: Path, path: Path) -> None:
    """Rename `beside`; a folder that has the name is moved aside first, and removed after."""
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    if path.exists():
        path.rename(aside)
    beside.rename(path)
    shutil.rmtree(aside, ignore_errors=True)


def _forget_journal(path: Path) -> None:
    """Remove SQLite's journals of the file that is about to be replaced: they would be applied to the new one."""
    if path.suffix.lower() in (".gpkg", ".mbtiles"):
        for suffix in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Put the renaming itself on the disk; not every system lets a folder be opened for that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
