"""Tiles in one SQLite file: MBTiles 1.3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.errors import Unavailable
from backend.protocol import codes

from .tile_lattice import Tile

APPLICATION = 0x4D504258
"""SQLite's number for such a file: `MPBX`."""
TABLES = (
    "CREATE TABLE metadata (name text, value text)",
    "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)",
    "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)",
)


class MBTiles:
    """A file of tiles being written; it is not kept where that stops, so no journal is."""

    def __init__(self, path: Path) -> None:
        """Make an empty one at `path`, where no file is. Raises DISK_FULL."""
        self._file = sqlite3.connect(path)
        with _full_disks_told():
            self._file.execute("PRAGMA journal_mode = OFF")
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute(f"PRAGMA application_id = {APPLICATION}")
            for table in TABLES:
                self._file.execute(table)

    def put(self, tile: Tile, data: bytes) -> None:
        """Add a tile; the format counts rows from the south. Raises DISK_FULL."""
        row = (1 << tile.zoom) - 1 - tile.row
        with _full_disks_told():
            self._file.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (tile.zoom, tile.col, row, data))

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write what tells of the tiles, lists as numbers with commas between. Raises DISK_FULL."""
        told = {**about, "type": "overlay", "version": "1"}
        with _full_disks_told():
            for name, value in told.items():
                text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
                self._file.execute("INSERT INTO metadata VALUES (?, ?)", (name, text))
            self._file.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


@contextmanager
def _full_disks_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        detail = f"The map tiles were not written ({error}): free some disk space, or choose another folder."
        raise Unavailable(codes.DISK_FULL, detail, status=507) from error
