"""Embeddings opened for questions: what was shown, what it is like, as an image of the view."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.jobs.phrasing import Phrasing
from backend.protocol import codes
from backend.protocol.asks import (
    MOST_CELLS,
    AskInfo,
    AskRequest,
    ClassesAnswer,
    ClassesRequest,
    HeatAnswer,
    HeatRequest,
    View,
)
from backend.protocol.prompts import Box, Point
from backend.protocol.sessions import Polygon
from backend.tasks.fewshot.live import LiveClasses
from backend.tasks.fewshot.pointing import polygon_of
from backend.tasks.search.background import Background, background_of
from backend.tasks.search.by_examples import like
from backend.tasks.search.likeness import Likeness, as_bytes
from backend.tasks.search.live_field import LiveField
from backend.tasks.search.live_table import LiveTable
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable

Floats = NDArray[np.float32]
OnStep = Callable[[], None]


class Ask:
    """Implements `jobs.engine.OpenAsk`."""

    def __init__(self, ask_id: str, request: AskRequest, phrasing: Phrasing) -> None:
        """Open the vectors. Raises as `open_vectors`."""
        vectors = open_vectors(Path(request.source.path))
        self._live = LiveTable(vectors) if isinstance(vectors, VectorTable) else LiveField(vectors)
        self._classes = LiveClasses(self._live)
        self._background: Background | None = None
        self._identity = vectors.identity
        self._phrasing = phrasing
        self._device = request.device
        self.info = _info(ask_id, self._live, phrasing.refusal(vectors.identity, vectors.name))

    def heat(self, request: HeatRequest, on_step: OnStep) -> tuple[HeatAnswer, bytes]:
        """Return how alike every place of the view is to what was shown."""
        clock = time.perf_counter()
        _check(request.view)
        likeness = self._likeness(request)
        drawn = self._live.draw(request.view, lambda vectors: as_bytes(likeness, vectors), on_step)
        columns, rows = drawn.size
        answer = HeatAnswer(
            request.sequence,
            columns,
            rows,
            drawn.extent,
            likeness.low,
            likeness.high,
            likeness.threshold,
            _since(clock),
        )
        return answer, drawn.image.tobytes()

    def classes(self, request: ClassesRequest, on_step: OnStep) -> tuple[ClassesAnswer, bytes]:
        """Return which class every place of the view is of."""
        _check(request.view)
        return self._classes.answer(request, on_step)

    def close(self) -> None:
        """Close the file and free what was in memory."""
        self._live.close()

    def _likeness(self, request: HeatRequest) -> Likeness:
        shown = (*request.points, *request.polygons, *request.unwanted)
        if request.phrase.strip() and shown:
            detail = "A phrase and examples cannot be asked for together; search for one, then for the other."
            raise BadInput(codes.PROMPT_INVALID, detail)
        if not shown:
            return self._phrasing.likeness(request.phrase, self._identity, self._live.vectors.name, self._device)
        wanted = [point for point in request.points if point.label == 1]
        unwanted = [point for point in request.points if point.label != 1]
        if not (wanted or request.polygons):
            raise BadInput(codes.PROMPT_INVALID, "Nothing is shown that is wanted; click on one such place first.")
        if self._background is None:
            self._background = background_of(self._live.vectors)
        return like(
            self._vectors(wanted, request.polygons), self._vectors(unwanted, request.unwanted), self._background
        )

    def _vectors(self, points: Iterable[Point], polygons: Iterable[Polygon]) -> list[Floats]:
        """Return the vectors (n, width) of each thing that was shown."""
        found = [self._live.shown.at(point.x, point.y)[None] for point in points]
        return found + [self._live.shown.inside(polygon_of(polygon)) for polygon in polygons]


def _info(ask_id: str, live: LiveField | LiveTable, refusal: str) -> AskInfo:
    identity = live.vectors.identity
    about: dict[str, Any] = {"phrases": not refusal, "notice": refusal}
    if isinstance(live, LiveTable):
        table = live.vectors
        extent = Box(*live.shown.extent)
        return AskInfo(ask_id, identity.model, identity.width, table.crs, extent, len(table.vectors), **about)
    grid = live.vectors.grid
    corners = [grid.transform @ place for place in ((0, 0), (grid.width, grid.height))]
    xs, ys = zip(*corners, strict=True)
    extent = Box(min(xs), min(ys), max(xs), max(ys))
    return AskInfo(
        ask_id, identity.model, identity.width, grid.crs, extent, 0, grid.width, grid.height,
        grid.transform.to_gdal(), **about,
    )  # fmt: skip


def _check(view: View) -> None:
    box = view.extent
    if not (view.columns > 0 and view.rows > 0 and box.x1 > box.x0 and box.y1 > box.y0):
        raise BadInput(codes.BAD_REQUEST, "The view is empty; it needs columns, rows, and x0, y0 below x1, y1.")
    if view.columns * view.rows > MOST_CELLS:
        raise BadInput(codes.BAD_REQUEST, f"The view has more than {MOST_CELLS} cells; ask for a coarser one.")


def _since(clock: float) -> float:
    return round(1000 * (time.perf_counter() - clock), 1)
