"""A vector for every block of pixels of a raster of any size: `E.tif`, its preview, STAC item and run record.

Pieces of the raster, units, are made one after another, each a file in the run's folder once it is done. A unit's bytes
follow from source, model and parameters alone: not from the area, nor from how often the run was stopped. Every tile is
computed once; memory does not grow with the raster.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.models.embedder import DenseEmbedder
from backend.tasks.ground.units import Unit
from backend.tasks.tiles import TileLattice
from backend.tasks.vectors.write_field import write_field

from .cells import Cells
from .job import Embedding, Folder
from .kept import KeptTiles, Tile
from .pixels import SourcePixels
from .schedule import Schedule
from .shown import Shown
from .threads import Behind
from .tile_features import TileFeatures
from .unit_blend import UnitBlend
from .unit_field import UnitField

Floats = NDArray[np.float32]
MODEL_PART = 85.0
"""Percent of the progress; the rest is writing the result."""
BEHIND = 8
"""Steps that may wait for the thread behind the model: tiles to be blended, units to be written."""


def run_dense(job: Embedding, model: DenseEmbedder) -> list[Path]:
    """Embed and return the files written, the record last.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, OUTPUT_UNWRITABLE, or as reading.
        Unavailable: DISK_FULL.
    """
    clock, reader, asked = time.perf_counter(), job.reader, job.parameters
    cells = Cells.over(reader.grid, reader.name, asked.block, model.stride, model.dense_width, asked.area)
    with job.working(cells.area, "dense", cells.block, cells.side, asked.dtype, sorted(asked.of_model.items())) as (
        folder,
        batch,
    ):
        field = UnitField(folder.path, cells, asked.dtype)
        making = _Making(job, model, cells, field, folder)
        making.run()
        folder.check_data(reader.name)
        parameters = {"block": cells.block, **asked.of_model}
        about = job.about(folder, parameters, dtype=asked.dtype)
        with job.stages.busy("finish"):
            write_field(
                batch, job.places.out, cells.grid, job.identity(cells.width), field.read, about,
                lambda percent, _: job.progress(MODEL_PART + (100 - MODEL_PART) * percent / 100, "Writing"),
            )  # fmt: skip
        return job.record(batch, folder, clock, {"tiles": making.tiles})


class _Making:
    """The units that are not there yet."""

    def __init__(self, job: Embedding, model: DenseEmbedder, cells: Cells, field: UnitField, folder: Folder) -> None:
        self._job, self._cells, self._field, self._folder = job, cells, field, folder
        grid, origin = job.reader.grid, job.reader.origin
        alone = getattr(model, "alone", False)
        self._lattice = TileLattice(grid.width, grid.height, model.input_size, 1, origin, model.stride, alone)
        self._kept = KeptTiles(folder.path / "tiles")
        self._all = cells.units()
        units = [unit for unit in self._all if not field.path(unit).exists()]
        self._schedule = Schedule(self._lattice, cells, units)
        self.tiles = sum(1 for _ in self._schedule.new())
        self._features = TileFeatures(SourcePixels(job.reader), model, job.batch, job.stages, self._on_tile)
        self._shown = Shown(folder.path, cells, job.show)
        self._clock = time.perf_counter()

    def run(self) -> None:
        """Make them."""
        done: list[Unit] = [unit for unit in self._all if self._field.path(unit).exists()]
        with closing(self._features.of(self._schedule.new())) as features, Behind(BEHIND) as behind:
            for index, unit in enumerate(self._schedule.units):
                blend = UnitBlend(self._cells.pixels(unit), self._lattice.stride, self._cells.width)
                needless: list[Window] = []
                for place in self._schedule.tiles(unit):
                    tile = self._kept.take(place) or next(features)[1]
                    behind.do(partial(self._add, blend, place, tile))
                    later = [user for user in self._schedule.users(place) if user > index]
                    if later:
                        self._kept.hold(place, tile)
                    if later and later[0] > index + 1:
                        behind.do(partial(self._kept.store, place, tile))
                    elif not later:
                        needless.append(place)
                done.append(unit)
                made: list[Floats] = []  # three short steps, so that a cancel need not wait for all
                behind.do(partial(self._average, blend, made))
                behind.do(partial(self._write, unit, made, needless))
                behind.do(partial(self._show, unit, made, list(done)))

    def _add(self, blend: UnitBlend, place: Window, tile: Tile) -> None:
        with self._job.stages.busy("blend"):
            blend.add(place, tile)

    def _average(self, blend: UnitBlend, made: list[Floats]) -> None:
        with self._job.stages.busy("blend"):
            made.append(blend.vectors(self._cells.block))

    def _write(self, unit: Unit, made: list[Floats], needless: Sequence[Window]) -> None:
        with self._job.stages.busy("write"):
            if not np.isnan(made[0]).all():
                self._folder.say_data()
            self._field.write(unit, made[0])
            for place in needless:
                self._kept.forget(place)

    def _show(self, unit: Unit, made: list[Floats], done: Sequence[Unit]) -> None:
        with self._job.stages.busy("show"):
            self._shown.show(unit, made.pop(), done, len(self._all))

    def _on_tile(self, number: int) -> None:
        seconds = time.perf_counter() - self._clock
        said = f"Tile {number + 1} of {self.tiles}"
        if number and seconds > 1:
            said = f"Tile {number + 1} of {self.tiles}, {number / seconds:.1f} tiles/s"
        self._job.progress(MODEL_PART * number / max(self.tiles, 1), said)
