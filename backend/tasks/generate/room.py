"""Is there room for the result? Asked before a run that may take hours."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from backend.errors import Unavailable
from backend.geo.raster import Window
from backend.protocol import codes

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
    same = units.stat().st_dev == out.parent.stat().st_dev
    if same:
        _check(of_units + of_results, out.parent, "The result with its pieces")
    else:
        _check(of_results, out.parent, "The result")
        _check(of_units, units, "The pieces of the result")


def _check(needed: int, folder: Path, what: str) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        detail = (
            f"{what} may need {_size(needed)} and {_size(free)} are free; free some space, or choose a smaller area, "
            f"a lower scale or another folder."
        )
        raise Unavailable(codes.DISK_FULL, detail, status=507)


def _pixels(window: Window) -> int:
    return window.width * window.height


def _size(count: float) -> str:
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:,.1f} TB"
