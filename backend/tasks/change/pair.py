"""One pair, or a sequence, as files: pictures, labels, what changed, outlines of what did not, and how it was made."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backend.geo.atomic import Batch
from backend.geo.raster import Window
from backend.models.change_painter import ChangePainter
from backend.tasks.ground.rasters import grid_of
from backend.tasks.record import utc_now, write_record

from .contours import next_contours
from .happening import Moment, described
from .paint import Canvas, Wanted, paint
from .plan import Planned
from .rasters import OUTLINES, Shelf, legend_of
from .transitions import NO_DATA

if TYPE_CHECKING:
    from .job import Changing

RECORD = "run.json"


@dataclass(frozen=True)
class Scene:
    """What is seen of a pair's window: (rows, columns, 3) and where there is data, and its times."""

    picture: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    moments: list[Moment]


def names_of(times: int) -> list[str]:
    """Return what is put behind `after` and `change` in names of files: nothing in a pair, _1 and up in a sequence."""
    return [""] if times == 2 else [f"_{number}" for number in range(1, times)]


def write_pair(
    job: Changing, painter: ChangePainter, pair: Planned, scene: Scene, folder: Path, progress: Callable[[], None]
) -> None:
    """Write the files of a pair into `folder`, which appears whole or not at all.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    started, clock = utc_now(), time.perf_counter()
    beside = folder.with_name(f".{folder.name}.part")
    beside.mkdir(exist_ok=True)
    with Batch() as batch:
        shelf = Shelf(batch, beside, grid_of(pair.window, job.reader.grid), job.mark(pair))
        shelf.picture("before.tif", scene.picture, scene.valid, synthetic=False)
        _write_labels(job, shelf, "labels_before.tif", scene.moments[0], synthetic=False)
        happened, picture = [], scene.picture
        seconds = 0.0
        for name, (earlier, later) in zip(names_of(len(scene.moments)), pairwise(scene.moments), strict=True):
            changed = earlier.labels != later.labels
            begun = time.perf_counter()
            canvas = Canvas(picture, scene.valid, *_place(job, pair.window), job.metres)
            wanted = Wanted(earlier.seen, later.seen, changed, later.painted(earlier))
            picture = paint(painter, canvas, wanted, pair.seed, job.asked.steps, progress)
            seconds += time.perf_counter() - begun
            shelf.picture(f"after{name}.tif", picture, scene.valid, synthetic=True)
            _write_labels(job, shelf, f"labels_after{name}.tif", later, synthetic=True)
            known = scene.valid & (changed | ~wanted.painted)
            shelf.change(f"change{name}.tif", np.where(known, changed, NO_DATA), job.asked.margin > 0)
            outlines = next_contours(*_numbered(earlier.labels, changed))
            shelf.classes(f"contours{name}.tif", np.where(scene.valid, outlines, NO_DATA), OUTLINES, synthetic=False)
            happened.append(described(later.changes, job.happening.classes, job.happening.events is None))
        timings = {"painting": seconds, "all": time.perf_counter() - clock}
        more = _told(job, pair, scene, happened)
        outputs = {path: sha256 for path, sha256 in batch.sha256.items() if path.suffix == ".tif"}
        write_record(
            beside / RECORD, job.request, job.model_record, job.reader, timings, outputs, started, batch.add, more
        )  # fmt: skip
    beside.rename(folder)


def _write_labels(job: Changing, shelf: Shelf, name: str, moment: Moment, synthetic: bool) -> None:
    if job.happening.events is None:
        shelf.numbers(name, moment.labels, synthetic)
    else:
        shelf.classes(name, moment.labels, legend_of(job.happening.classes), synthetic)


def _numbered(labels: NDArray[Any], changed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return labels none of which is 0, and those after, where 0 is what changed: so any change counts."""
    before = labels.astype(np.int64) + 1
    return before, np.where(changed, 0, before)


def _place(job: Changing, window: Window) -> tuple[int, int]:
    return window.col + job.reader.origin[0], window.row + job.reader.origin[1]


def _told(job: Changing, pair: Planned, scene: Scene, happened: list[list[dict[str, Any]]]) -> dict[str, Any]:
    mark, at = job.mark(pair), pair.window
    times = list(pairwise(scene.moments))
    shares = [float((a.labels != b.labels)[scene.valid].mean()) for a, b in times]
    painted = [float(b.painted(a)[scene.valid].mean()) for a, b in times]
    return {
        "seed": job.asked.seed,
        "pair_seed": pair.seed,
        "synthetic": True,
        "digital_source_type": mark.digital_source_type,
        "before": "the source as it is shown: its bands and stretch are in this record",
        "run_id": mark.run_id,
        "window": [at.col, at.row, at.width, at.height],
        "place": pair.place,
        "metres": job.metres,
        "labels": {"name": job.labels.name, "classes": job.happening.classes.described()},
        "changes": happened,
        "changed_share": [round(share, 6) for share in shares],
        "margin_m": job.asked.margin,
        "painted_around_share": [round(all_ - share, 6) for all_, share in zip(painted, shares, strict=True)],
    }
