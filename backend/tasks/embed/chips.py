"""A vector a chip: `C.parquet` with the chips' outlines, its STAC item and run record.

Chips are made in packs, each a file in the run's folder once it is done, so that a run that was stopped goes on.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.models.embedder import Embedder
from backend.tasks.ground.area import parse_area
from backend.tasks.vectors.about import CHIP
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table

from .chip_lattice import ChipLattice
from .files import write_array
from .job import Embedding, Folder
from .pixels import SourcePixels
from .threads import ahead

PACK = 256
READ_AHEAD = 16
MODEL_PART = 95.0

Floats = NDArray[np.float32]


def run_chips(job: Embedding, model: Embedder) -> list[Path]:
    """Embed and return the files written, the record last; chips without a pixel of data are left out.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, OUTPUT_UNWRITABLE, or as reading.
        Unavailable: DISK_FULL.
    """
    clock, reader, asked = time.perf_counter(), job.reader, job.parameters
    area = parse_area(asked.area, reader.grid, reader.name)
    chips = ChipLattice(reader.grid, asked.size, asked.stride or asked.size, area)
    chips.check(reader.name)
    right, lower = chips.beyond
    if (right or lower) and not asked.area:
        job.notify(f"The last {right} columns and {lower} rows of pixels are in no chip; a smaller stride takes more.")
    with job.working(area, "chips", chips.size, chips.stride, sorted(asked.of_model.items())) as (folder, batch):
        _Packs(job, model, chips, folder).make()
        folder.check_data(reader.name)
        job.progress(MODEL_PART, "Writing")
        with job.stages.busy("finish"):
            table, columns = _table(job, chips, folder, model.width)
            parameters = {"size": chips.size, "stride": chips.stride, **asked.of_model}
            about = job.about(folder, parameters, kind=CHIP, dtype="float32")
            write_table(batch, job.places.out, table, about, columns)
        return job.record(batch, folder, clock, {"chips": len(table.ids)})


class _Packs:
    """The packs that are not there yet. A row of one is a chip: its number, its vector, its scales' weights."""

    def __init__(self, job: Embedding, model: Embedder, chips: ChipLattice, folder: Folder) -> None:
        self._job, self._model, self._chips, self._folder = job, model, chips, folder

    def make(self) -> None:
        """Make them."""
        numbers = range(-(-self._chips.count // PACK))
        missing = [number for number in numbers if not _pack(self._folder.path, number).exists()]
        indices = (index for number in missing for index in self._indices(number))
        windows = (self._chips.window(index) for index in indices if self._chips.wanted(index))
        pixels = SourcePixels(self._job.reader)
        read = ahead(windows, self._job.stages.timed("read", pixels.read), READ_AHEAD)
        with closing(read) as coming:
            for number in missing:
                rows: list[tuple[int, Floats, Floats]] = []
                for index in self._indices(number):
                    self._progress(index)
                    if not self._chips.wanted(index):
                        continue
                    _, picture = next(coming)
                    if picture is not None:
                        with self._job.stages.busy("infer"):
                            rows.append((index, *self._model.embed(picture.image, picture.valid)))
                self._write(number, rows)

    def _indices(self, number: int) -> range:
        return range(number * PACK, min((number + 1) * PACK, self._chips.count))

    def _progress(self, index: int) -> None:
        count = self._chips.count
        self._job.progress(MODEL_PART * index / count, f"Chip {index + 1} of {count}")

    def _write(self, number: int, rows: list[tuple[int, Floats, Floats]]) -> None:
        with self._job.stages.busy("write"):
            found = [np.concatenate([vector, gates]) for _, vector, gates in rows]
            path = _pack(self._folder.path, number)
            write_array(path.with_suffix(".rows.npy"), np.stack(found) if found else np.zeros((0, 0), np.float32))
            write_array(path, np.array([index for index, _, _ in rows], np.int64))
            if rows:
                self._folder.say_data()


def _table(
    job: Embedding, chips: ChipLattice, folder: Folder, width: int
) -> tuple[VectorTable, dict[str, NDArray[np.float32] | NDArray[np.int64]]]:
    """Return all chips of all packs, and the columns beside."""
    packs = [_pack(folder.path, number) for number in range(-(-chips.count // PACK))]
    indices = np.concatenate([np.load(path) for path in packs])
    rows = np.concatenate([one for path in packs if (one := np.load(path.with_suffix(".rows.npy"))).size])
    places = np.array([chips.place(int(index)) for index in indices], np.int64).reshape(-1, 2)
    columns: dict[str, NDArray[np.float32] | NDArray[np.int64]] = {
        "column": places[:, 0].copy(),
        "row": places[:, 1].copy(),
    }
    if rows.shape[1] > width:
        columns["scales"] = rows[:, width:].copy()
    ids = [f"{row}_{column}" for column, row in places]
    identity, reader = job.identity(width), job.reader
    table = VectorTable(
        rows[:, :width], chips.outlines(places), reader.grid.crs, ids, identity, job.places.out.name, ()
    )
    return table, columns


def _pack(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.npy"
