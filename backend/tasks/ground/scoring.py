"""The first pass: every unit of the area scored, or taken as it was left by a run that stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from backend.geo.measure import pixel_area_m2
from backend.geo.raster import Grid
from backend.protocol.jobs import Partial

from .area import Area
from .blend import Blender
from .rasters import Rasters, grid_of
from .shown import Tally, show_unit
from .units import Unit, write_unit

Progress = Callable[[float, str], None]
Show = Callable[[Partial], None]


def score_units(
    blender: Blender,
    area: Area,
    units: Sequence[Unit],
    rasters: Rasters,
    source: Grid,
    background: str,
    threshold: float,
    progress: Progress,
    show: Show,
) -> Tally:
    """Make the file of every unit that has none, and what it shows; return what all add up to.

    `progress` takes a share of 0 to 1 of this pass; it is called before each tile and may raise `Cancelled`, which
    leaves the finished units as they are.
    """
    total = Tally.empty(len(rasters.phrases))
    for number, unit in enumerate(units):
        message = f"Part {number + 1} of {len(units)}"
        progress(number / len(units), message)
        path = rasters.unit(unit)
        if not path.exists():
            _score(path, unit, blender, area, len(rasters.phrases), _within(progress, number, len(units), message))
        total.add(_show(path, unit, rasters, source, background, threshold))
        show(Partial(str(rasters.classes(units[: number + 1])), number + 1, len(units)))
    return total


def _score(
    path: Path, unit: Unit, blender: Blender, area: Area, phrases: int, on_tile: Callable[[int, int], None]
) -> None:
    blended = blender.window(unit.window, on_tile) if area.touches(unit.window) else None
    write_unit(path, phrases, blended, area.mask(unit.window))


def _show(path: Path, unit: Unit, rasters: Rasters, source: Grid, background: str, threshold: float) -> Tally:
    pixel_m2 = pixel_area_m2(grid_of(unit.window, source))
    return show_unit(path, rasters.classes_of(unit), rasters.best_of(unit), background, threshold, pixel_m2)


def _within(progress: Progress, number: int, count: int, message: str) -> Callable[[int, int], None]:
    return lambda tile, tiles: progress((number + tile / tiles) / count, message)
