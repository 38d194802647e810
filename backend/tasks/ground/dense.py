"""Grounding by a model that has logits for every place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.errors import BadInput
from backend.geo.measure import ground_pixel
from backend.models.embedder import Grounder
from backend.protocol import codes
from backend.tasks.tiles import STRIDE

from .area import shape_in_pixels
from .example import learn_example
from .instances import Instance, find_instances
from .job import Grounding, Plan, carry_out, plan
from .looks import Looks
from .quantise import least_logit
from .rasters import Rasters
from .redraw import Redraw, redrawn
from .scorer import Scorer, phrase_vectors, stride_of
from .split import SMALL_M
from .things import are_things
from .units import Unit, write_unit


def run_dense(job: Grounding, model: Grounder, redraw: Redraw | None = None) -> list[Path]:
    """Ground, and return the files written, the record last; `redraw` draws things anew.

    Raises:
        BadInput: as `plan`, `learn_example` and `carry_out`.
        Unavailable: MODEL_NOT_INSTALLED, DISK_FULL.
    """
    planned = plan(job, model.input_size, stride_of(model))
    _check(planned)
    scorer = _scorer(job, model, planned)
    looks = Looks(job.reader, planned.looks, planned.native, scorer, job.closeness)
    key = ["dense", scorer.fingerprint(), repr(job.closeness)]
    return carry_out(job, planned, key, lambda _: _Dense(planned, looks, redraw))


def _check(planned: Plan) -> None:
    if planned.parameters.example and len(planned.looks) > 1:
        detail = "An example shows what it is like from close by only; choose coverage full or leave the example out."
        raise BadInput(codes.PARAMETER_INVALID, detail)


@dataclass(frozen=True)
class _Dense:
    """Units from blended tiles, objects from the score maps."""

    plan: Plan
    looks: Looks
    redraw: Redraw | None

    def make(self, path: Path, unit: Unit, on_tile: Callable[[int, int], None]) -> None:
        area, phrases = self.plan.area, len(self.plan.question.shown)
        blended = self.looks.window(unit.window, on_tile) if area.touches(unit.window) else None
        self.looks.entry(unit.window, blended).write(path)
        if blended is None:
            nowhere = np.zeros((unit.window.height, unit.window.width), np.bool_)
            write_unit(path, phrases, lambda _: np.zeros(nowhere.shape, np.float32), nowhere)
        else:
            write_unit(path, phrases, blended.full, blended.valid & area.mask(unit.window))

    def instances(
        self, rasters: Rasters, units: Sequence[Unit], progress: Callable[[float], None]
    ) -> Iterator[Instance]:
        lattice, least = self.plan.lattice, least_logit(self.plan.parameters.threshold)
        cell = max(lattice.stride, STRIDE) * lattice.step
        question, window = self.plan.question, self.plan.area.window
        things = [are_things(text) for text in question.asked]
        things += [True] * (len(question.shown) - len(things))
        small = cell * ground_pixel(rasters.grid)[0] >= SMALL_M
        found = find_instances(rasters.logits(units), window, units, things, least, cell, progress, small)
        if self.redraw is None:
            return found
        threshold, border = self.plan.parameters.threshold, self.plan.area.border
        return redrawn(found, self.redraw, things, threshold, border, lambda: progress(0.0))


def _scorer(job: Grounding, model: Grounder, planned: Plan) -> Scorer:
    vectors, owners = phrase_vectors(model, planned.question.words, job.title), planned.question.owners
    if not planned.parameters.example:
        return Scorer(model, vectors, owners=owners)
    polygon = shape_in_pixels(planned.parameters.example, job.reader.grid, "The example")
    return Scorer(model, vectors, learn_example(job.reader, model, planned.lattice, polygon), owners)
