"""Is there room for the maps? Asked before the first unit is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.geo import room
from backend.tasks.ground.area import Area
from backend.tasks.ground.units import Unit

RESULT = 2
"""Bytes a pixel: the probability has overviews, which GDAL also makes in a file beside it."""


def check_room(units: Iterable[Unit], area: Area, bands: int, folder: Path, out: Path) -> None:
    """Raise DISK_FULL where the units in `folder`, of so many bands, or the raster `out` have no room.

    What an earlier run of the same request has left in `folder` is there already; what lies outside the area takes
    next to nothing.
    """
    pixels = sum(unit.window.width * unit.window.height for unit in units if area.touches(unit.window))
    there = sum(path.stat().st_size for path in folder.glob("*.tif"))
    instead = "choose a smaller area or another folder"
    needed = (folder, max(bands * pixels - there, 0)), (out.parent, RESULT * pixels)
    room.check_room("The result with its pieces", instead, *needed)
