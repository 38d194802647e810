"""What a detector finds, tile by tile, as polygons of the source; a tile's answer is a file once it is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.geo.polygonize import exact_polygons
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.detector import Detection, Detector
from backend.protocol import codes

Refine = Callable[[shapely.Polygon], BaseGeometry]
"""Takes a box in source pixels and returns the outline of the object in it."""


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
        phrases: Sequence[str],
        threshold: float,
        refine: Refine,
    ) -> None:
        """Keep answers in `folder`; what scores below `threshold` is left out, and not outlined."""
        self._folder, self._reader, self._detector = folder, reader, detector
        self._phrases, self._threshold, self._refine = list(phrases), threshold, refine

    def of_tile(self, tile: Window, step: int) -> list[Candidate]:
        """Return what is found in `tile`, in source pixels, read at `step`. Raises as `SourceReader.read`."""
        path = self._folder / f"tile_{tile.row}_{tile.col}.json"
        if not path.exists():
            found = [candidate.packed() for candidate in self._asked(tile, step)]
            write_bytes(path, json.dumps(found).encode())
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Candidate(phrase, score, shapely.from_wkb(shape), tile) for phrase, score, shape in rows]

    def _asked(self, tile: Window, step: int) -> list[Candidate]:
        try:
            crop = self._reader.read(tile, step)
        except BadInput as error:
            if error.code != codes.NO_VALID_PIXELS:
                raise
            return []
        found = self._detector.detect(crop.image, crop.valid, self._phrases)
        wanted = [one for one in found if one.score >= self._threshold]
        shapes = [self._shape(one, tile, step) for one in wanted]
        kept = zip(wanted, shapes, strict=True)
        return [Candidate(one.phrase, float(one.score), shape, tile) for one, shape in kept if shape.area > 0]

    def _shape(self, one: Detection, tile: Window, step: int) -> BaseGeometry:
        if one.mask is None:
            x0, y0, x1, y1 = np.asarray(one.box, np.float64) * step + np.tile([tile.col, tile.row], 2)
            return self._refine(shapely.box(x0, y0, x1, y1))
        parts = shapely.MultiPolygon(exact_polygons(one.mask))
        return shapely.transform(parts, lambda xy: xy * step + (tile.col, tile.row))
