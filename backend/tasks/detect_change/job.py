"""The search for change: two pictures in; a map of probability, polygons, a table of areas and the record out.

Pieces of the area, units, are made one after another, each a file in the run's folder once it is done; a run that was
stopped goes on with those that are missing and gives the same bytes. Memory does not grow with the pictures.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.measure import pixel_area_m2
from backend.protocol import VERSION, codes
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.ground.area import Area
from backend.tasks.ground.blend import Blender
from backend.tasks.ground.rasters import grid_of
from backend.tasks.ground.scorer import Scorer, stride_of
from backend.tasks.ground.units import Unit, units_of
from backend.tasks.record import utc_now
from backend.tasks.stopped import Keep, begun_at
from backend.tasks.tiles import TileLattice

from .aligned import Aligned, aligned
from .calibrate import PLAIN, Curve, curve_of
from .maps import Makers, Maps
from .method import NO_DATA, STEPS, Method
from .pair import Pair
from .parameters import DetectParameters
from .phrases import BothDates
from .places import Places
from .regions import changed
from .room import check_room
from .table import Areas
from .writing import Result, write_results

FORMAT = 1
SIDE = 1024
ALIGNED, MADE, DRAWN = 4.0, 85.0, 95.0
"""Percent of the progress after each pass."""


@dataclass(frozen=True)
class Detecting:
    """One job: what is asked, of what, by what, and whom to tell.

    Attributes:
        scorer: what tells classes of pictures by phrases, `phrases` their names; None where none are asked for.
        model_record: what `record.model_record` says of the model, and of the one that reads phrases.
        progress: takes percent and a sentence; may raise `Cancelled`.
        notify: is told what a person should know.
    """

    request: JobRequest
    pair: Pair
    method: Method
    model_record: Mapping[str, Any]
    places: Places
    keep: Keep
    progress: Callable[[float, str], None]
    show: Callable[[Partial], None] = lambda _: None
    notify: Callable[[str], None] = lambda _: None
    scorer: Scorer | None = None
    phrases: tuple[str, ...] = ()
    side: int = SIDE
    started: str = field(default_factory=utc_now)

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of classes 1 and up."""
        return self.phrases or self.method.classes


def run_detect_change(job: Detecting) -> list[Path]:
    """Find change and return the files written, the record last.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, OUTPUT_UNWRITABLE, or as reading.
        Unavailable: DISK_FULL.
    """
    clock, asked = time.perf_counter(), DetectParameters.parse(job.request.parameters)
    job.progress(0.0, "Aligning")
    area = job.pair.area(asked.area)
    found = aligned(job.pair, area.window, asked.align, asked.normalise, job.notify)
    area = found.pair.area(asked.area)
    with job.keep(_key(job, found.pair, area)) as folder, Batch() as batch:
        started = begun_at(folder, job.started)
        units = list(units_of(area, found.pair.before.origin, job.side))
        check_room(units, area, 3 if job.classes else 1, folder, job.places.out)
        maps = Maps(folder, area.window, grid_of(area.window, found.pair.grid), _tags(job))
        counts = _make_units(job, found.pair, area, maps, units)
        table, curve = _table(job.method, counts)
        if not counts.any():
            names = f"{found.pair.before.name!r} and {found.pair.after.name!r}"
            raise BadInput(codes.NO_VALID_PIXELS, f"{names} have no place in the area where both have data.")
        areas = _areas(maps, units, table, asked.threshold, found.pair)
        made = time.perf_counter()
        result = Result(job.request, found, maps, units, table, areas, job.classes, asked, started)
        progress = partial(_within, job.progress, MADE, 100.0)
        timings = {"total": 0.0, "make": made - clock}
        told = {"only": {"asked": asked.only, "told": job.method.kind}} | _told(found, curve)
        return write_results(batch, job.places, result, job.model_record, told, timings, clock, progress)


def _make_units(
    job: Detecting, pair: Pair, area: Area, maps: Maps, units: Sequence[Unit]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Make the file of every unit that has none; return how many places have each byte."""
    makers = _makers(job, pair, area)
    counts = np.zeros(STEPS + 1, np.int64)
    for number, unit in enumerate(units):
        message = f"Part {number + 1} of {len(units)}"
        start, end = (ALIGNED + (MADE - ALIGNED) * place / len(units) for place in (number, number + 1))
        job.progress(start, message)
        path = maps.path(unit)
        if not path.exists():
            makers.make(path, unit, partial(_tile, job.progress, start, end, message))
        values = maps.read(unit)[0]
        counts += np.bincount(values.ravel(), minlength=256)[: STEPS + 1]
        table = _table(job.method, counts)[0]
        shown = maps.probability(units[: number + 1], table)
        job.show(Partial(str(shown), number + 1, len(units)))
    return counts


def _makers(job: Detecting, pair: Pair, area: Area) -> Makers:
    grid, origin, method = pair.grid, pair.before.origin, job.method
    lattice = TileLattice(grid.width, grid.height, method.size, 1, origin, method.stride)
    blender = Blender(pair, lattice, method)
    if job.scorer is None:
        return Makers(method, blender, area)
    size, stride = job.scorer.model.input_size, stride_of(job.scorer.model)
    told = TileLattice(grid.width, grid.height, size, 1, origin, stride)
    return Makers(method, blender, area, Blender(pair, told, BothDates(job.scorer)))


def _table(method: Method, counts: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[list[int], Curve | None]:
    """Return the probability of each byte of the units, and the curve where these are angles."""
    seen = counts.copy()
    if method.blank:
        seen[0] = 0
    if not method.angles or not seen.any():
        return PLAIN, None
    curve = curve_of(seen)
    return curve.table(), curve


def _areas(maps: Maps, units: Sequence[Unit], table: Sequence[int], threshold: float, pair: Pair) -> Areas:
    areas = Areas()
    for unit in units:
        bands = maps.read(unit)
        mask = changed(bands[0], table, threshold)[1]
        known = int((bands[0] != NO_DATA).sum())
        areas.add(known, mask, bands, pixel_area_m2(grid_of(unit.window, pair.grid)))
    return areas


def _told(found: Aligned, curve: Curve | None) -> dict[str, Any]:
    """Return what the record tells of alignment, light and calibration."""
    told = found.record()
    if curve is not None:
        what = {"median_degrees": curve.usual, "half_at_degrees": round(curve.middle, 3), "fitted_to_truth": False}
        told["calibration"] = what
    return told


def _key(job: Detecting, pair: Pair, area: Area) -> str:
    """Return what two runs share whose units are the same, bit by bit."""
    shape = area.polygon.wkb_hex if area.polygon else ""
    told = [FORMAT, VERSION, repr(job.method.known), job.phrases, repr(area.window), shape, job.side]
    told += [str(pair.before.origin), repr(pair.fingerprint), dict(job.model_record)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _tags(job: Detecting) -> dict[str, str]:
    found = {"TOPOSCOPE_TASK": job.request.task, "TOPOSCOPE_MODEL": str(job.model_record.get("id", ""))}
    return found | {"TOPOSCOPE_BEFORE": job.pair.before.name, "TOPOSCOPE_AFTER": job.pair.after.name}


def _tile(
    progress: Callable[[float, str], None], start: float, end: float, message: str, tile: int, tiles: int
) -> None:
    progress(start + (end - start) * tile / tiles, message)


def _within(progress: Callable[[float, str], None], start: float, end: float, part: float, message: str) -> None:
    progress(start + (end - start) * part, message)
