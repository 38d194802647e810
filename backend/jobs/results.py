"""Result files as they are listed: name, type, size, hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from backend.protocol.jobs import ResultFile

MEDIA_TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".tif": "image/tiff; application=geotiff",
    ".tiff": "image/tiff; application=geotiff",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".csv": "text/csv",
    ".xml": "application/xml",
}


def describe(paths: Iterable[Path]) -> tuple[ResultFile, ...]:
    """Return the entry of each file; the bytes are hashed as they lie on disk.

    A file in a sub-folder of the first one's folder has that sub-folder in its name: `pair_0001/before.tif`.
    """
    files = list(paths)
    return tuple(_describe(path, files[0].parent) for path in files)


def _describe(path: Path, top: Path) -> ResultFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    media_type = MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    name = path.relative_to(top).as_posix() if path.is_relative_to(top) else path.name
    return ResultFile(name, str(path), media_type, path.stat().st_size, digest)
