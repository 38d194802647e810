"""The first pass: every unit of the area scored, or taken as it was left by a run that stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from backend.geo.measure import pixel_area_m2
from backend.geo.raster import Grid
from backend.protocol.jobs import Partial

from .rasters import Rasters, grid_of
from .shown import Tally, show_unit
from .units import Unit

Progress = Callable[[float, str], None]
Show = Callable[[Partial], None]
Make = Callable[[Path, Unit, Callable[[int, int], None]], None]
"""Makes the file of a unit; calls back before each tile with its number and how many there are."""


def score_units(
    make: Make,
    units: Sequence[Unit],
    rasters: Rasters,
    source: Grid,
    background: str,
    threshold: float,
    progress: Progress,
    show: Show,
    share: Callable[[], float] = lambda: 1.0,
) -> Tally:
    """Make the file of every unit that has none, and what it shows; return what all add up to.

    `progress` takes a share of 0 to 1 of this pass; it is called before each tile and may raise `Cancelled`, which
    leaves the finished units as they are. `share` is what part of all pixels the model was given so far.
    """
    total = Tally.empty(len(rasters.phrases))
    for number, unit in enumerate(units):
        message = _said(number + 1, len(units), share())
        progress(number / len(units), message)
        path = rasters.unit(unit)
        if not path.exists():
            make(path, unit, _within(progress, number, len(units), message))
        total.add(_show(path, unit, rasters, source, background, threshold))
        show(Partial(str(rasters.classes(units[: number + 1])), number + 1, len(units)))
    return total


def _show(path: Path, unit: Unit, rasters: Rasters, source: Grid, background: str, threshold: float) -> Tally:
    pixel_m2 = pixel_area_m2(grid_of(unit.window, source))
    return show_unit(path, rasters.classes_of(unit), rasters.best_of(unit), background, threshold, pixel_m2)


def _said(number: int, count: int, share: float) -> str:
    if share >= 1:
        return f"Part {number} of {count}"
    return f"Part {number} of {count}, {share:.0%} of the pixels read"


def _within(progress: Progress, number: int, count: int, message: str) -> Callable[[int, int], None]:
    return lambda tile, tiles: progress((number + tile / tiles) / count, message)
