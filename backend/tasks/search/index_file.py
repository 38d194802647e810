"""Indexes on the disk: a cache that may be deleted at any time, made anew when stale, never trusted when damaged."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
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
from .index import SIGNS, WORD, Index, index_of

FORMAT, KEPT = 2, 8
"""Files kept at most, the newest."""


class Nearest(Protocol):
    """What finds rows by their vectors."""

    def nearest(self, weights: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the rows of the largest `vectors @ weights`."""


def kept_index(table: VectorTable, folder: Path, notify: Callable[[str], None] = lambda _: None) -> Nearest:
    """Return the index of `table`, from `folder` where it was made before; `notify` is told where faiss is missed."""
    if len(table.vectors) > MANY and has_faiss():
        return FaissIndex.of(table.vectors)
    if len(table.vectors) > MANY:
        count = len(table.vectors)
        notify(f"There are {count} vectors; with faiss installed the search would be quicker. Every one was looked at.")
    key = _digest((FORMAT, table.fingerprint))
    path = folder / f"{_digest(_file_of(table))[:32]}.index"  # one a file, so that a stale one is replaced
    found = _read(path, key)
    if found is None or found.numbers.shape != table.vectors.shape:
        found = index_of(table.vectors)
        with contextlib.suppress(ToposcopeError, OSError):  # a full disk only costs the next search its head start
            folder.mkdir(parents=True, exist_ok=True)
            write_bytes(path, _packed(found, key))
            _prune(folder)
    return found


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _file_of(table: VectorTable) -> object:
    first = table.fingerprint[0]
    return first[0] if isinstance(first, tuple) else first


def _packed(index: Index, key: str) -> bytes:
    body = b"".join(
        part.tobytes() for part in (index.numbers, index.scales, index.words, index.centre, index.directions)
    )
    count, width = index.numbers.shape
    head = {"key": key, "count": count, "width": width, "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(head).encode() + b"\n" + body


def _read(path: Path, key: str) -> Index | None:
    """Return the index in a file, None where there is none of this content; a damaged one is removed."""
    try:
        line, _, body = path.read_bytes().partition(b"\n")
        head = json.loads(line)
        if head["key"] != key or head["sha256"] != hashlib.sha256(body).hexdigest():
            raise ValueError(path.name)
        return _unpacked(body, int(head["count"]), int(head["width"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        with contextlib.suppress(OSError):
            path.unlink()
        return None


def _unpacked(body: bytes, count: int, width: int) -> Index:
    words, signs = -(-max(width, SIGNS) // WORD), SIGNS if width < SIGNS else 0
    sizes = [count * width, 4 * count, 8 * count * words, 4 * width, 4 * width * signs]
    starts = np.cumsum([0, *sizes])
    if starts[-1] != len(body):
        raise ValueError(len(body))
    parts = [memoryview(body)[start:end] for start, end in itertools.pairwise(starts)]
    return Index(
        np.frombuffer(parts[0], np.int8).reshape(count, width),
        np.frombuffer(parts[1], np.float32),
        np.frombuffer(parts[2], np.uint64).reshape(count, words),
        np.frombuffer(parts[3], np.float32),
        np.frombuffer(parts[4], np.float32).reshape(width, signs),
    )


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("*.index"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[KEPT:]:
        path.unlink(missing_ok=True)
