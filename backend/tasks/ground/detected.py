"""Grounding by a model that finds objects: its answer on every tile, joined, then drawn into the class map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.detector import Detector
from backend.protocol import codes

from .area import rectangle
from .candidates import Candidate, Candidates, Refine
from .data import read_data
from .instances import Instance
from .job import Grounding, Plan, carry_out, plan
from .join import joined
from .parameters import NONE
from .rasters import Rasters
from .refine import unrefined
from .units import Unit, write_unit

DETECTED = 75.0
"""Percent done once all tiles were looked at."""
LEAST = -10.0
"""Logit of pixels in no object."""
Floats = NDArray[np.float32]


def run_detector(job: Grounding, model: Detector, refine: Refine = unrefined, outliner: str = "") -> list[Path]:
    """Ground, and return the files written, the record last; `outliner` names what `refine` is.

    Raises:
        BadInput: as `plan` and `carry_out`; PROMPT_INVALID for an example, which detectors cannot read.
        Unavailable: DISK_FULL.
    """
    planned = plan(job, model.input_size)
    if planned.parameters.example:
        detail = f"{job.title} finds things by phrases only; leave the example out or choose another model."
        raise BadInput(codes.PROMPT_INVALID, detail)
    if planned.parameters.background == NONE:
        detail = f"{job.title} finds objects and has no phrase for what lies between them; choose background auto."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if len(planned.looks) > 1:
        detail = f"{job.title} finds what is large enough in the picture, not what is far away; choose coverage full."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    threshold, asked = planned.parameters.threshold, planned.question

    def work(folder: Path) -> _Detected:
        candidates = Candidates(folder, job.reader, model, asked.words, asked.owners, threshold, refine)
        return _Detected(planned, job.reader, _everything(job, planned, candidates))

    after = replace(job, progress=lambda percent, said: job.progress(DETECTED + percent * (1 - DETECTED / 100), said))
    return carry_out(after, planned, ["detector", asked.words, asked.owners, threshold, outliner], work)


def _everything(job: Grounding, planned: Plan, candidates: Candidates) -> list[Instance]:
    """Return the objects of the area, whole ones, cut to it."""
    grid, lattice, area = job.reader.grid, planned.lattice, planned.area
    tiles = [lattice.in_source(tile, grid.width, grid.height) for tile in lattice.over_window(area.window)]
    found: list[Candidate] = []
    for number, tile in enumerate(tiles):
        job.progress(DETECTED * number / len(tiles), f"Tile {number + 1} of {len(tiles)}")
        if area.touches(tile):
            found += candidates.of_tile(tile, lattice.step)
    whole = [(best, shape.intersection(area.border)) for best, shape in joined(found, grid.width, grid.height)]
    return [_instance(best, shape) for best, shape in whole if shape.area > 0]


def _instance(best: Candidate, shape: BaseGeometry) -> Instance:
    polygons = tuple(part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon))
    return Instance(best.phrase, polygons, best.score, best.score)


@dataclass(frozen=True)
class _Detected:
    """Units drawn from objects: a pixel has the highest score of the objects over it."""

    plan: Plan
    reader: SourceReader
    found: list[Instance]

    def make(self, path: Path, unit: Unit, on_tile: Callable[[int, int], None]) -> None:
        on_tile(0, 1)
        at = unit.window
        valid = self.plan.area.mask(at) & self._data(at)
        write_unit(path, len(self.plan.question.shown), lambda band: self._drawn(band, at), valid)

    def instances(
        self, rasters: Rasters, units: Sequence[Unit], progress: Callable[[float], None]
    ) -> Iterator[Instance]:
        return iter(self.found)

    def _data(self, window: Window) -> NDArray[np.bool_]:
        crop = read_data(self.reader, window)
        return np.zeros((window.height, window.width), np.bool_) if crop is None else crop.valid

    def _drawn(self, phrase: int, window: Window) -> Floats:
        mine = sorted((one for one in self.found if one.phrase == phrase), key=lambda one: one.score)
        here = rectangle(window)
        shapes = [
            (shapely.transform(polygon, lambda xy: xy - (window.col, window.row)), _logit(one.score))
            for one in mine
            for polygon in one.polygons
            if polygon.intersects(here)
        ]
        shape = window.height, window.width
        if not shapes:
            return np.full(shape, LEAST, np.float32)
        return np.asarray(rasterize(shapes, out_shape=shape, fill=LEAST, dtype="float32"))


def _logit(score: float) -> float:
    bounded = min(max(score, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))
