"""What a detector finds, tile by tile, as polygons of the source; a tile's answer is a file once it is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from backend.geo.atomic import write_bytes
from backend.geo.polygonize import exact_polygons
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.detector import Detection, Detector
from backend.models.nms import suppress

from .data import read_data

Refine = Callable[[shapely.Polygon], BaseGeometry]
"""Takes a box in source pixels and returns the outline of the object in it."""
SAME = 0.5
"""Boxes of two words of one phrase that overlap by more (IoU) are of one object."""


@dataclass(frozen=True)
class Candidate:
    """An object as one tile shows it; `tile` and `shape` are in source pixels."""

    phrase: int
    score: float
    shape: BaseGeometry
    tile: Window

    def packed(self) -> list[object]:
        """Return it as JSON holds it."""
        return [self.phrase, self.score, shapely.to_wkb(self.shape, hex=True)]


class Candidates:
    """Asks a detector about tiles, or reads what it answered before."""

    def __init__(
        self,
        folder: Path,
        reader: SourceReader,
        detector: Detector,
        words: Sequence[str],
        owners: Sequence[int],
        threshold: float,
        refine: Refine,
    ) -> None:
        """Ask for `words`, each of the phrase of that number in `owners`, and keep the answers in `folder`.

        What scores below `threshold` is left out, and not outlined.
        """
        self._folder, self._reader, self._detector = folder, reader, detector
        self._words, self._owners, self._threshold, self._refine = list(words), owners, threshold, refine

    def of_tile(self, tile: Window, step: int) -> list[Candidate]:
        """Return what is found in `tile`, in source pixels, read at `step`. Raises as `SourceReader.read`."""
        path = self._folder / f"tile_{tile.row}_{tile.col}.json"
        if not path.exists():
            found = [candidate.packed() for candidate in self._asked(tile, step)]
            write_bytes(path, json.dumps(found).encode())
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Candidate(phrase, score, shapely.from_wkb(shape), tile) for phrase, score, shape in rows]

    def _asked(self, tile: Window, step: int) -> list[Candidate]:
        crop = read_data(self._reader, tile, step)
        if crop is None:
            return []
        found = self._detector.detect(crop.image, crop.valid, self._words)
        wanted = self._of_phrases([one for one in found if one.score >= self._threshold])
        shapes = [self._shape(one, tile, step) for one in wanted]
        kept = zip(wanted, shapes, strict=True)
        return [Candidate(one.phrase, float(one.score), shape, tile) for one, shape in kept if shape.area > 0]

    def _of_phrases(self, found: Sequence[Detection]) -> list[Detection]:
        """Return objects by their phrases; one that several words of a phrase find comes once, by the best."""
        if not found or len(set(self._owners)) == len(self._owners):
            return [replace(one, phrase=self._owners[one.phrase]) for one in found]
        owners = np.array([self._owners[one.phrase] for one in found], np.intp)
        scores = np.array([one.score for one in found], np.float32)
        kept = suppress(np.stack([one.box for one in found]), scores, owners, SAME)
        return [replace(found[index], phrase=int(owners[index])) for index in kept]

    def _shape(self, one: Detection, tile: Window, step: int) -> BaseGeometry:
        if one.mask is None:
            x0, y0, x1, y1 = np.asarray(one.box, np.float64) * step + np.tile([tile.col, tile.row], 2)
            return self._refine(shapely.box(x0, y0, x1, y1))
        parts = shapely.MultiPolygon(exact_polygons(one.mask))
        return shapely.transform(parts, lambda xy: xy * step + (tile.col, tile.row))
