"""The search job: what places are like, everywhere, and the best of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from backend.geo.atomic import Batch, check_replaces_none
from backend.geo.write_cog import AVERAGE, cog_writer
from backend.tasks.beside import check_own_name
from backend.tasks.ground.area import parse_area
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors_record import Run, add_vectors_record

from .asked import Places, Question, Wanted
from .background import background_of
from .by_examples import ByExamples, like
from .found import Found, geopackage
from .gather import gather
from .index_file import kept_index
from .likeness import Likeness
from .over_field import FieldSearch
from .over_table import ENOUGH, best_rows, scores_of
from .shown_table import ShownTable

Progress = Callable[[float, str], None]
Notify = Callable[[str], None]
Phrased = Callable[[str, Identity, str], Likeness]
"""Takes a phrase, whose vectors and the layer's name; returns what is like it."""
MANY_NUMBERS = 2**28
"""Rows times numbers from which an index is worth its making: a million rows of 256."""


def run_search(
    question: Question, places: Places, phrased: Phrased, cache: Path, progress: Progress, notify: Notify
) -> dict[str, Any]:
    """Write the files of `places`, all or none, and return what is to be said: `found`, `threshold`, `files`.

    Vectors of a raster are read piece by piece, so that memory does not grow with it; of a large table an index is
    kept in the folder `cache`. `progress` may raise `Cancelled`; `notify` is told what a person should know.

    Raises:
        BadInput: PROMPT_INVALID, PARAMETER_INVALID, OUTPUT_UNWRITABLE; as `open_vectors`, `gather`, `phrased`.
        Unavailable: DISK_FULL, and as `phrased`.
    """
    question.check()
    run, clock = Run("search", _parameters(question)), time.perf_counter()
    with ExitStack() as stack, Batch() as batch:
        vectors = open_vectors(question.vectors)
        if not isinstance(vectors, VectorTable):
            stack.enter_context(vectors)
        places.check(isinstance(vectors, VectorTable))
        outputs = (places.found, places.similarity)
        check_replaces_none((*outputs, places.record), (question.vectors, question.examples))
        check_own_name(outputs)
        likeness = _likeness(question, vectors, phrased, notify)
        if isinstance(vectors, VectorTable):
            found = _of_table(vectors, likeness, question.wanted, cache, progress, notify)
        else:
            found = _of_field(batch, vectors, likeness, question.wanted, places, progress, notify)
        threshold = likeness.threshold if question.wanted.threshold is None else question.wanted.threshold
        if places.found:
            data = geopackage(found, _crs(vectors), _told(question), vectors.identity.model, vectors.name)
            batch.add(places.found, data)
        said = {
            "found": len(found),
            "threshold": threshold,
            "scores": {"low": likeness.low, "high": likeness.high},
            "best": round(found[0].score, 4) if found else None,
        }
        add_vectors_record(batch, places.record, run, vectors, {"total": time.perf_counter() - clock}, said)
        files = list(batch.sha256)
    return {**said, "files": files}


def _likeness(question: Question, vectors: VectorField | VectorTable, phrased: Phrased, notify: Notify) -> Likeness:
    if question.wanted.phrase.strip():
        return phrased(question.wanted.phrase, vectors.identity, vectors.name)
    shown = gather(question, vectors, notify)
    return like(shown.wanted, shown.unwanted, background_of(vectors))


def _of_field(
    batch: Batch, field: VectorField, likeness: Likeness, wanted: Wanted, places: Places, progress: Progress,
    notify: Notify,
) -> list[Found]:  # fmt: skip
    area = parse_area(wanted.area, field.grid, field.name)
    with tempfile.TemporaryDirectory(dir=places.record.parent, prefix=".search") as name:
        search = FieldSearch(field, likeness, area, Path(name))
        shown = search.scan(lambda part: progress(85 * part, "Comparing"))
        found: list[Found] = []
        if places.found:
            found = search.places(wanted, lambda part: progress(85 + 10 * part, "Ranking places"), notify)
        if places.similarity:
            progress(95, "Writing")
            batch.write(places.similarity, cog_writer(shown, AVERAGE))
    return found


def _of_table(
    table: VectorTable, likeness: Likeness, wanted: Wanted, cache: Path, progress: Progress, notify: Notify
) -> list[Found]:
    ShownTable(table)  # says so where the rows lie nowhere
    progress(5, "Comparing")
    least = likeness.threshold if wanted.threshold is None else wanted.threshold
    rows = np.arange(len(table.vectors))
    plain = not (wanted.area.strip() or wanted.distance)  # what these leave out an index cannot know
    index = None
    if isinstance(likeness, ByExamples) and plain and table.vectors.size >= MANY_NUMBERS:
        index = kept_index(table, cache, notify)
    if index is not None and isinstance(likeness, ByExamples):
        rows = index.nearest(likeness.weights, wanted.most * ENOUGH)
    scores = scores_of(likeness, table.vectors if index is None else table.vectors[rows])
    progress(80, "Ranking places")
    return best_rows(table, scores, rows, wanted, least)


def _crs(vectors: VectorField | VectorTable) -> str:
    return vectors.crs if isinstance(vectors, VectorTable) else vectors.grid.crs


def _told(question: Question) -> str:
    return question.wanted.phrase.strip() or "examples"


def _parameters(question: Question) -> dict[str, Any]:
    """Return what was asked, of files their names only."""
    wanted = question.wanted
    points = [[point.x, point.y, point.label] for one in question.prompts for point in one.points]
    return {
        "phrase": wanted.phrase,
        "points": points or None,
        "boxes": [[one.box.x0, one.box.y0, one.box.x1, one.box.y1] for one in question.prompts if one.box] or None,
        "examples": question.examples.name if question.examples else "",
        "label": wanted.label,
        "threshold": wanted.threshold,
        "most": wanted.most,
        "distance": wanted.distance,
        "area": wanted.area,
    }
