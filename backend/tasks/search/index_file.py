"""Indexes on the disk: a cache that may be deleted at any time, made anew when stale, never trusted when damaged."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.errors import ToposcopeError
from backend.geo.atomic import write_bytes
from backend.tasks.vectors.table import VectorTable

from .faiss_index import MANY, FaissIndex, has_faiss
from .index import Index, index_of

FORMAT, KEPT = 3, 8
"""Files kept at most, the newest."""


class Nearest(Protocol):
    """What finds rows by their vectors."""

    def nearest(self, weights: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the rows of the largest `vectors @ weights`."""

    def data(self) -> bytes:
        """Return it as it lies in a file."""


def kept_index(table: VectorTable, folder: Path, notify: Callable[[str], None] = lambda _: None) -> Nearest | None:
    """Return the index of `table`, from `folder` where it was made before.

    None for so many vectors that faiss would be wanted, where it is not installed: `notify` is told so.
    """
    count = len(table.vectors)
    if count > MANY and not has_faiss():
        notify(f"There are {count} vectors; with faiss installed the search would be quicker. Every one was compared.")
        return None
    kind = FaissIndex if count > MANY else Index
    key = _digest((FORMAT, kind.__name__, table.fingerprint))
    path = folder / f"{_digest(_file_of(table))[:32]}.index"  # one a table, so that a stale one is replaced
    data = _read(path, key)
    if data is not None:
        return kind.of_bytes(data)
    found: Nearest = FaissIndex.of(table.vectors) if count > MANY else index_of(table.vectors)
    with contextlib.suppress(ToposcopeError, OSError):  # a full disk only costs the next search its head start
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(path, _packed(found.data(), key))
        _prune(folder)
    return found


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _file_of(table: VectorTable) -> object:
    first = table.fingerprint[0]
    return first[0] if isinstance(first, tuple) else first


def _packed(data: bytes, key: str) -> bytes:
    return json.dumps({"key": key, "sha256": hashlib.sha256(data).hexdigest()}).encode() + b"\n" + data


def _read(path: Path, key: str) -> bytes | None:
    """Return what was kept in a file, None where there is none of this content; a damaged one is removed."""
    try:
        line, _, data = path.read_bytes().partition(b"\n")
        head = json.loads(line)
        if head["key"] == key and head["sha256"] == hashlib.sha256(data).hexdigest():
            return data
        path.unlink()
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError):
        with contextlib.suppress(OSError):
            path.unlink()
    return None


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("*.index"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[KEPT:]:
        path.unlink(missing_ok=True)
