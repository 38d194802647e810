"""Is there room for the levels? Asked before a run that may take hours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.geo import room
from backend.geo.raster import Window

from .levels import Level

UNITS, RESULT, TILES = 3, 5, 2
"""Bytes a pixel: such colours hardly compress. A result has overviews, which GDAL also makes in a file beside it."""


def check_room(levels: Iterable[Level], units: Path, out: Path, tiled: bool) -> None:
    """Raise DISK_FULL where the `units` of the levels or the results beside `out` have no room.

    What an earlier run of the same request has left in the folder `units` is there already.
    """
    found = list(levels)
    there = sum(path.stat().st_size for path in units.rglob("*.tif"))
    of_units = max(UNITS * sum(_pixels(level.painted) for level in found) - there, 0)
    of_results = RESULT * sum(_pixels(level.shown) for level in found)
    of_results += TILES * _pixels(found[-1].shown) if tiled else 0
    instead = "choose a smaller area, a lower scale or another folder"
    room.check_room("The result with its pieces", instead, (units, of_units), (out.parent, of_results))


def _pixels(window: Window) -> int:
    return window.width * window.height
