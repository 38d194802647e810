"""What looking at a unit cost and where it was most relevant, kept beside the unit for a run that goes on later.

All tiles are remembered, so that one that units share counts once: about 600 bytes a tile, 1.6 MB for 20,000 x 20,000
pixels in tiles of 512.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.geo.atomic import write_bytes
from backend.geo.raster import Window
from backend.tasks.ground_policy.cost import Cost, Fed
from backend.tasks.tiles import TileLattice

from .scoring import Make
from .units import Unit

MOST_CROPS = 20


@dataclass(frozen=True)
class Closely:
    """A window of the source that was looked at closely, and how relevant it is, 0 to 1."""

    window: Window
    relevance: float


@dataclass(frozen=True)
class Entry:
    """What one unit needed: tiles fed to the model, those the naive run would feed, and the most relevant crops.

    A tile that units share stands in the entry of at least one.
    """

    fed: Fed = field(default_factory=dict)
    naive: Fed = field(default_factory=dict)
    crops: Sequence[Closely] = ()

    def write(self, unit: Path) -> None:
        """Keep it beside the file of its unit. Raises as `write_bytes`."""
        told = {
            "fed": _packed(self.fed),
            "naive": _packed(self.naive),
            "crops": [[*_sides(crop.window), crop.relevance] for crop in self.crops],
        }
        write_bytes(_beside(unit), json.dumps(told).encode())


def read_entry(unit: Path) -> Entry:
    """Return what was kept beside the file of a unit; nothing for a model that keeps no account."""
    if not _beside(unit).exists():
        return Entry()
    told = json.loads(_beside(unit).read_text(encoding="utf-8"))
    crops = [Closely(Window(*sides), relevance) for *sides, relevance in told["crops"]]
    return Entry(_unpacked(told["fed"]), _unpacked(told["naive"]), crops)


class Meter:
    """Adds up what units cost: those that `make` makes, and those that were there before."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._fed: dict[tuple[int, Window], int] = {}
        self._naive: dict[tuple[int, Window], int] = {}
        self._crops: dict[Window, Closely] = {}

    def make(self, path: Path, unit: Unit, on_tile: Callable[[int, int], None]) -> None:
        """Make the file of a unit, and count it."""
        self._make(path, unit, on_tile)
        self.add(read_entry(path))

    def add(self, entry: Entry) -> None:
        """Count a unit; one that was counted before changes nothing."""
        self._fed.update(entry.fed)
        self._naive.update(entry.naive)
        self._crops.update({crop.window: crop for crop in entry.crops})

    @property
    def cost(self) -> Cost:
        """Return what the units cost together: a tile that several of them need is fed once."""
        return Cost(sum(self._fed.values()), sum(self._naive.values()))

    @property
    def crops(self) -> list[Closely]:
        """Return the most relevant crops, the most so first."""
        return sorted(self._crops.values(), key=lambda crop: -crop.relevance)[:MOST_CROPS]


def everything(lattice: TileLattice, native: TileLattice, window: Window) -> Entry:
    """Return the entry of reading all tiles of `lattice` over a window of the source; `native` has the naive run's."""
    fed = {(lattice.step, tile): tile.width * tile.height for tile in lattice.over_window(window)}
    return Entry(fed, {(native.step, tile): tile.width * tile.height for tile in native.over_window(window)})


def _beside(unit: Path) -> Path:
    return unit.with_suffix(".looks.json")


def _packed(tiles: Mapping[tuple[int, Window], int]) -> list[list[int]]:
    return [[step, *_sides(place), pixels] for (step, place), pixels in tiles.items()]


def _unpacked(rows: list[list[int]]) -> Fed:
    return {(step, Window(*sides)): pixels for step, *sides, pixels in rows}


def _sides(place: Window) -> tuple[int, int, int, int]:
    return place.col, place.row, place.width, place.height
