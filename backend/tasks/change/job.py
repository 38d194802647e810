"""A change job: from a picture and its labels to pairs before and after changes that did not happen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from backend.errors import BadInput
from backend.geo.access import file_state
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.geo.room import check_room
from backend.geo.synthetic import Synthetic, weights_digest
from backend.models.change_painter import ChangePainter
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.tasks.ground.area import Area, parse_area
from backend.tasks.ground.data import read_data
from backend.tasks.record import FORMAT, source_record, utc_now
from backend.tasks.stopped import Keep

from .dataset import CATALOG, SPLIT_FOLDER, pair_name, write_dataset
from .folder import carry, clear, filling
from .happening import Happening, Moment, unlike
from .labels import LabelMap
from .margin import with_margins
from .pair import RECORD, Scene, write_pair
from .parameters import ChangeParameters
from .plan import Planned, plan, splits_of
from .transitions import NO_DATA

LABELS = "labels"
"""What a request calls the file of labels."""
BYTES = 12 * 4 / 3
"""Of a pixel of a pair at most: pictures with their holes, labels, change and outlines, and overviews of all."""


@dataclass(frozen=True)
class Changing:
    """One job: what was asked, the picture and its labels, and where results go.

    Attributes:
        model_record: what a record tells of the painter.
        keep: holds the folder of a key, with what an earlier run left there.
        notify: takes a sentence that is no error.
    """

    request: JobRequest
    asked: ChangeParameters
    reader: SourceReader
    labels: LabelMap
    happening: Happening
    model_record: Mapping[str, Any]
    out: Path
    keep: Keep
    progress: Callable[[float, str], None]
    notify: Callable[[str], None]

    @cached_property
    def metres(self) -> float:
        """Return the side of a pixel on the ground. Raises PARAMETER_INVALID where nothing says it."""
        found = self.asked.metres or self.reader.pixel_size_m
        if not found:
            detail = f"{self.reader.name!r} does not say how large a pixel is on the ground; give it in metres: metres."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return found

    @property
    def reach(self) -> float:
        """Return how many pixels around changes are painted too."""
        return self.asked.margin / self.metres

    @cached_property
    def area(self) -> Area:
        """Return what part of the source is looked at. Raises as `parse_area`."""
        return parse_area(self.asked.area, self.reader.grid, self.reader.name)

    def check(self) -> None:
        """Raise BadInput (PARAMETER_INVALID, PROMPT_OUTSIDE) for an area or a size of pixels that is not known."""
        _ = self.metres, self.area

    def mark(self, pair: Planned) -> Synthetic:
        """Return what is written into the synthetic files of a pair: it follows from what was asked for."""
        told = [self.request.parameters, self.reader.name, self.labels.name, self.reader.grid.width, pair.seed]
        run_id = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
        digest = weights_digest(self.model_record["sha256"]) if self.model_record["sha256"] else ""
        return Synthetic(str(self.model_record["id"]), digest, run_id, self.asked.seed, composite=True)

    def scene(self, window: Window, seed: int) -> Scene | None:
        """Return what is seen of a window and what happens in it by a seed; None where it has no data."""
        crop = read_data(self.reader, window, 1)
        if crop is None:
            return None
        valid = crop.valid & self.area.mask(window)
        labels = self.labels.read(window)
        hole = NO_DATA if self.happening.events is not None else 0
        known = np.where(valid, labels, hole).astype(labels.dtype)
        moments = with_margins(self.happening.moments(known, seed), self.happening, self.reach, valid)
        return Scene(crop.image, crop.valid, moments)

    def key(self) -> str:
        """Return what tells this job from others, for what a stopped one left."""
        state = file_state(Path(self.request.others[LABELS].path))
        told = repr((sorted(self.request.parameters.items()), self.reader.fingerprint, state, self.model_record))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass
class Meter:
    """Tells how much is done, in windows of the painter; of `total` windows some are skipped in the end."""

    progress: Callable[[float, str], None]
    pairs: int
    total: int
    done: int = 0
    run: int = 0
    number: int = 1

    def window(self) -> None:
        """Tell that another window begins."""
        part = min(self.done + self.run, self.total) / self.total
        self.progress(99 * part, f"Pair {self.number} of {self.pairs}")
        self.run += 1

    def pair(self, windows: int) -> None:
        """Tell that a pair of so many windows is finished."""
        self.done, self.run, self.number = self.done + windows, 0, self.number + 1
        self.progress(99 * self.done / self.total, f"Pair {min(self.number, self.pairs)} of {self.pairs}")


def run_change(job: Changing, painter: ChangePainter) -> list[Path]:
    """Make the pairs, and return the files: of a data set its catalogue first, else the picture before.

    Raises:
        BadInput: as `plan`; PARAMETER_INVALID for labels and areas that do not fit; OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL, before anything is painted where it can be foreseen.
    """
    started = utc_now()
    job.check()
    if 0 < job.reach < 1:
        margin, side = f"{job.asked.margin:g} m", f"{job.metres:.2g} m"
        job.notify(f"A margin of {margin} is less than a pixel, {side}: nothing is painted around what changes.")
    pairs = plan(job.asked, job.area, lambda at, seed: _moments(job, at, seed), painter.input_size, job.progress)
    with job.keep(job.key()) as kept:
        for folder in (kept, job.out.parent):  # on one disk they are moved, on two both hold them
            check_room("The pairs", "ask for fewer or smaller ones", (folder, _bytes(pairs, job.asked)))
        clear(kept)
        told = _make_all(job, painter, pairs, kept)
        if told:
            names = ", ".join(repr(name) for name in told)
            job.notify(f"{names} changed and is like no class the painter knows: say what it is like (like).")
        with filling(job.out) as folder:
            if job.asked.count == 1:
                for file in sorted((kept / pair_name(0)).iterdir()):
                    carry(file, folder / file.name)
            else:
                _put_together(job, pairs, kept, folder, started)
    return _listed(job.out)


def _moments(job: Changing, window: Window, seed: int) -> list[Moment] | None:
    found = job.scene(window, seed)
    return found.moments if found else None


def _make_all(job: Changing, painter: ChangePainter, pairs: list[Planned], kept: Path) -> list[str]:
    """Make the pairs that `kept` lacks, and return the names of changed classes that the painter does not know."""
    meter = Meter(job.progress, len(pairs), max(sum(pair.windows for pair in pairs), 1))
    told = dict[str, None]()
    for number, pair in enumerate(pairs):
        folder = kept / pair_name(number)
        scene = None if folder.is_dir() else job.scene(pair.window, pair.seed)
        if scene is not None:
            told |= dict.fromkeys(unlike(job.happening.classes, scene.moments))
            write_pair(job, painter, pair, scene, folder, meter.window)
        meter.pair(pair.windows)
    return list(told)


def _put_together(job: Changing, pairs: list[Planned], kept: Path, folder: Path, started: str) -> None:
    for number in range(len(pairs)):
        carry(kept / pair_name(number), folder / pair_name(number))
    parts = splits_of(pairs, job.asked)
    if job.asked.validation + job.asked.test > 0 and set(parts) == {"train"}:
        job.notify("All pairs are for training: they are of one or two places, and pairs of a place stay together.")
    about = {
        "format": FORMAT,
        "task": job.request.task,
        "synthetic": True,
        "model": dict(job.model_record),
        "parameters": dict(job.request.parameters),
        "seed": job.asked.seed,
        "source": source_record(job.reader),
        "labels": {"name": job.labels.name, "classes": job.happening.classes.described()},
        "pairs": len(pairs),
        "places": len({pair.place for pair in pairs}),
        "splits": {part: parts.count(part) for part in dict.fromkeys(parts)},
        "outputs": [{"name": CATALOG}],
        "started": started,
        "created": utc_now(),
    }
    write_dataset(folder, pairs, parts, job.reader.grid, str(job.model_record["id"]), about)


def _listed(out: Path) -> list[Path]:
    """Return all files, those that say what the others are first and last."""
    first = out / CATALOG
    if first.is_file():
        pairs = sorted(path for path in out.glob("pair_*/*") if path.is_file())
        return [first, *sorted((out / SPLIT_FOLDER).iterdir()), *pairs, out / RECORD]
    rasters = [out / "before.tif", *sorted(out.glob("after*.tif"))]
    rest = sorted(path for path in out.iterdir() if path not in rasters and path.name != RECORD)
    return [*rasters, *rest, out / RECORD]


def _bytes(pairs: list[Planned], asked: ChangeParameters) -> int:
    """Return what the pairs take on a disk at most, with one that is being copied."""
    pixels = sum(pair.window.width * pair.window.height for pair in pairs)
    largest = max(pair.window.width * pair.window.height for pair in pairs)
    return int(BYTES * ((asked.times - 1) * pixels + 0.5 * pixels + largest))
