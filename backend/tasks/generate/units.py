"""Units: pieces of a level, on one lattice for all results of a grid; each is a file once it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.geo.raster import Window

from .levels import Level
from .windows import MIDDLE

SIDE = 4 * MIDDLE
"""Of a unit in pixels of the level."""
BANDS = 5
"""Red, green, blue; 255 where the result has it; 255 where there is data, also around the result."""


@dataclass(frozen=True)
class Unit:
    """A piece: its place on the lattice, and what of it is painted, in absolute pixels of its level."""

    col: int
    row: int
    window: Window

    @property
    def name(self) -> str:
        """Return its file's name."""
        return f"{self.row:+08d}_{self.col:+08d}.tif"


@dataclass(frozen=True)
class Units:
    """The pieces of a level; their files lie in `folder`."""

    level: Level
    folder: Path

    def __len__(self) -> int:
        columns, rows = self._lattice()
        return len(columns) * len(rows)

    def __iter__(self) -> Iterator[Unit]:
        """Yield all units, row by row."""
        at = self.level.painted
        columns, rows = self._lattice()
        for row in rows:
            for col in columns:
                x0, y0 = max(col * SIDE, at.col), max(row * SIDE, at.row)
                x1, y1 = min((col + 1) * SIDE, at.col + at.width), min((row + 1) * SIDE, at.row + at.height)
                yield Unit(col, row, Window(x0, y0, x1 - x0, y1 - y0))

    def path(self, unit: Unit) -> Path:
        """Return a unit's file."""
        return self.folder / unit.name

    def say(self, what: str) -> None:
        """Remember that there are `data` or `holes`, whoever goes on with these units."""
        (self.folder / what).touch()

    def have(self, what: str) -> bool:
        """Return whether there are `data` or `holes`."""
        return (self.folder / what).exists()

    def _lattice(self) -> tuple[range, range]:
        at = self.level.painted
        columns = range(at.col // SIDE, -(-(at.col + at.width) // SIDE))
        return columns, range(at.row // SIDE, -(-(at.row + at.height) // SIDE))
