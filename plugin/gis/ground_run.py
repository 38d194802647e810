"""What a grounding job left on disk: its answer and which files there are. Any thread may read it."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

from ...backend.protocol.ground import GroundedAnswer
from ...backend.protocol.wire import load
from .flipped import flipped_copy, flipped_raster
from .refused import Refused, tr
from .result_file import read_result

ANSWER, INSTANCES = "answer.json", "instances.gpkg"
CLASSES, BEST, SCORES = "classes.tif", "best.tif", "scores.tif"
"""Class map at the run's threshold; best phrase and score of every pixel; a band of scores a phrase."""


@dataclass(frozen=True)
class GroundRun:
    """One run. A path is None where the run has no such result; `scores` are its objects' by phrase, ascending."""

    folder: Path
    answer: GroundedAnswer
    instances: Optional[Path]
    classes: Optional[Path]
    best: Optional[Path]
    relevance: Optional[Path]
    scores: Mapping[str, Tuple[float, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many objects there are."""
        return sum(map(len, self.scores.values()))

    def shown(self, least: float, phrase: str = "") -> int:
        """Return how many objects, of one phrase or of all, have at least this score."""
        wanted = [self.scores.get(phrase, ())] if phrase else self.scores.values()
        return sum(len(scores) - bisect_left(scores, least) for scores in wanted)


def read_run(folder: Path, pixel: bool) -> GroundRun:
    """Return the run in `folder`.

    Args:
        folder: holds the files a job left.
        pixel: coordinates are columns and rows (`Frame.pixel`): QGIS needs everything with y upwards.

    Raises:
        Refused: the answer is gone or cannot be read.
    """
    answer = answer_of(folder / ANSWER)
    instances = _there(folder / INSTANCES)
    scores = {} if instances is None else _scores(instances)
    if instances is not None and pixel:
        instances = flipped_copy(instances)
    rasters = [_there(folder / name) for name in (CLASSES, BEST, SCORES)]
    if pixel:
        rasters = [None if raster is None else flipped_raster(raster) for raster in rasters]
    return GroundRun(folder, answer, instances, *rasters, scores)


def answer_of(path: Path) -> GroundedAnswer:
    """Return the answer in a file. Raises Refused."""
    try:
        return load(GroundedAnswer, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        folder = path.parent.name
        raise Refused(tr("The result in “{}” is gone or cannot be read; run it again.").format(folder)) from error


def _scores(instances: Path) -> Dict[str, Tuple[float, ...]]:
    scores: Dict[str, List[float]] = {}
    for _, values in read_result(instances, False):
        scores.setdefault(values["label"], []).append(values["score"])
    return {phrase: tuple(sorted(found)) for phrase, found in scores.items()}


def _there(path: Path) -> Optional[Path]:
    return path if path.is_file() else None
