"""The generate job: a coarse picture in; one four times finer out, and one finer still as often as asked.

Each level is painted unit by unit from the level before; units are files in the run's folder once they are done. A
unit's bytes follow from the source, the model and the parameters at its place: not from the area, nor from how often
the run was stopped. Memory does not grow with the area.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from backend.geo.atomic import Batch
from backend.geo.map_tiles import METADATA, TileSet, mbtiles_writer, xyz_writer
from backend.geo.reader import SourceReader
from backend.geo.synthetic import Synthetic, weights_digest
from backend.geo.tile_lattice import spread
from backend.models.generator import Painter
from backend.models.noise import Noise
from backend.protocol import VERSION
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.ground.area import Area, parse_area
from backend.tasks.record import source_record, utc_now, write_record
from backend.tasks.stopped import Keep, begun_at

from .before import Before, SourceBefore, absolute
from .ground_size import GroundSize, ground_size
from .item import item
from .levels import Level, grid_at, levels
from .painted import Painted, opened_painted
from .parameters import AVERAGE, MBTILES, NONE, XYZ, GenerateParameters
from .places import Places
from .room import check_room
from .sampler import Meter, Sampler
from .stage import Stage
from .units import Units

FORMAT = 1
PAINTING, TILED = 94.0, 97.0
"""Percent of the progress when all is painted, and when the levels are written; the rest is map tiles."""


@dataclass(frozen=True)
class Generating:
    """One job: what is asked, of what, by what, and whom to tell.

    Attributes:
        model_record: what `record.model_record` says of the model.
        batch: windows that the model paints at once.
        progress: takes percent and a sentence; may raise `Cancelled`.
    """

    request: JobRequest
    parameters: GenerateParameters
    reader: SourceReader
    model_record: Mapping[str, Any]
    places: Places
    keep: Keep
    progress: Callable[[float, str], None]
    show: Callable[[Partial], None] = lambda _: None
    batch: int = 1


def run_generate(job: Generating, painter: Painter) -> list[Path]:
    """Paint and return the files written, the levels from coarse to fine and the record last.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, OUTPUT_UNWRITABLE, or as reading.
        Unavailable: DISK_FULL.
    """
    clock, asked, reader = time.perf_counter(), job.parameters, job.reader
    place, size = absolute(reader), ground_size(reader, asked.metres)
    area = parse_area(asked.area, reader.grid, reader.name)
    found = list(levels(reader.grid, place, area.window, asked.scale, asked.merge))
    job.places.check([level.scale for level in found[:-1]], asked.tiles, Path(reader.source.path))
    if asked.tiles != NONE:
        spread(grid_at(reader.grid, place, found[-1].shown, asked.scale))
    mark = _mark(job, area)
    with job.keep(_key(job, mark.run_id)) as folder, Batch() as batch:
        check_room(found, folder, job.places.out, asked.tiles != NONE)
        begun = begun_at(folder, utc_now())
        painted = [Painted(_units(level, folder), reader.grid, place) for level in found]
        making = _Making(job, painter, mark, size, painted)
        making.run(SourceBefore(reader, area))
        files = _write(job, batch, painted, mark)
        more = {"seed": asked.seed, "synthetic": True, "run_id": mark.run_id, "windows": making.meter.windows}
        timings = {"total": time.perf_counter() - clock, "network": making.meter.seconds}
        about = job.request, job.model_record, reader, timings, _hashes(job, batch), begun
        write_record(job.places.record, *about, batch.add, more)
        return [*files, job.places.item, job.places.record]


def _write(job: Generating, batch: Batch, painted: Sequence[Painted], mark: Synthetic) -> list[Path]:
    """Write levels, tiles and the item, and return the files to be looked at."""
    files, lies = list[Path](), dict[Path, tuple[Path, str]]()
    for index, level in enumerate(painted):
        job.progress(PAINTING + (TILED - PAINTING) * index / len(painted), "Writing")
        files.append(_place(job.places, level.units.level))
        beside = level.write(batch, files[-1], mark)
        lies[files[-1]] = beside, batch.sha256[files[-1]]
    job.progress(TILED, "Writing")
    kind, told = job.parameters.tiles, TileSet(job.places.out.stem)

    def progress(percent: float, message: str) -> None:
        job.progress(TILED + (100 - TILED) * percent / 100, message)

    if kind == MBTILES:
        files.append(job.places.tiles(kind))
        batch.write(files[-1], mbtiles_writer(beside, told, progress))
    elif kind == XYZ:
        batch.write_folder(job.places.tiles(kind), xyz_writer(beside, told, progress))
        files.append(job.places.tiles(kind) / METADATA)
    grid = painted[-1].shown_grid
    batch.add(job.places.item, item(job.places.out, lies, job.places.record, grid, mark, utc_now()))
    return files


def _hashes(job: Generating, batch: Batch) -> dict[Path, str]:
    """Return what the record tells of; the item, which tells the same, may be mended later."""
    return {path: sha256 for path, sha256 in batch.sha256.items() if path != job.places.item}


class _Making:
    """The levels, one after another."""

    def __init__(
        self, job: Generating, painter: Painter, mark: Synthetic, size: GroundSize, painted: Sequence[Painted]
    ) -> None:
        self._job, self._painter, self._mark, self._size, self._painted = job, painter, mark, size, painted
        self.meter = Meter()

    def run(self, source: Before) -> None:
        """Paint what is not there yet. Raises NO_VALID_PIXELS where the area has no data."""
        averages = self._job.parameters.merge == AVERAGE
        total, before_it = sum(_cost(painted) for painted in self._painted), 0
        with ExitStack() as opened:
            before = source
            for painted in self._painted:
                tell = partial(self._tell, painted, before_it, total)
                show = partial(painted.show, self._mark, self._job.show)
                sampler = self._sampler(painted.units.level)
                Stage(painted.units, before, sampler, self._job.batch, averages).run(tell, show)
                painted.check_data(self._job.reader.name)
                before_it += _cost(painted)
                if not painted.units.level.last:
                    before = opened.enter_context(opened_painted(painted))

    def _sampler(self, level: Level) -> Sampler:
        asked, noise = self._job.parameters, Noise(self._job.parameters.seed, level.number - 1)
        metres = partial(self._size.at, level.scale)
        return Sampler(self._painter, noise, asked.steps, metres, asked.eta, asked.consistent, self.meter)

    def _tell(self, painted: Painted, before: int, total: int, share: float) -> None:
        units, level = len(painted.units), painted.units.level
        said = f"Level \u00d7{level.scale}: piece {int(share * units) + 1} of {units}"
        self._job.progress(PAINTING * (before + share * _cost(painted)) / total, said)


def _units(level: Level, folder: Path) -> Units:
    below = folder / f"x{level.scale}"
    below.mkdir(exist_ok=True)
    return Units(level, below)


def _cost(painted: Painted) -> int:
    return painted.units.level.painted.width * painted.units.level.painted.height


def _place(places: Places, level: Level) -> Path:
    return places.out if level.last else places.level(level.scale)


def _mark(job: Generating, area: Area) -> Synthetic:
    """Return what the pixels are marked with: the same for the same request, wherever its files lie."""
    asked, record = job.parameters, job.model_record
    told = [FORMAT, VERSION, source_record(job.reader), _asked(asked), _where(area), record["id"], record["sha256"]]
    run_id = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    return Synthetic(record["id"], weights_digest(record["sha256"]), run_id, asked.seed)


def _key(job: Generating, run_id: str) -> str:
    """Return what two runs share whose units are the same, bit by bit."""
    told = [run_id, repr(job.reader.fingerprint), job.reader.origin, dict(job.model_record), job.batch]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _asked(asked: GenerateParameters) -> dict[str, Any]:
    """Return what makes pixels differ; the area is told as what it means."""
    return {name: value for name, value in asdict(asked).items() if name not in ("area", "tiles")}


def _where(area: Area) -> list[str]:
    return [repr(area.window), area.polygon.wkb_hex if area.polygon else ""]
