"""Objects to features of a GeoPackage as they come, and to what the answer says of them."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from backend.geo.append_vector import GeopackageRows
from backend.geo.measure import area_m2
from backend.geo.outline import OutlineParameters, outline_of
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol.ground import GroundedItem
from backend.protocol.prompts import Box

from .answer import MOST_ITEMS
from .instances import Instance

LAYER = "instances"
COLUMNS = ("id", "phrase", "score", "score_max", "label", "prompt", "model", "source", "area_m2", "created")
ORIGIN = Window(0, 0, 0, 0)


@dataclass(frozen=True)
class Found:
    """An object as it is written: polygons in the source's CRS."""

    id: str
    phrase: str
    score: float
    score_max: float
    area_m2: float
    polygons: tuple[shapely.Polygon, ...]

    def item(self) -> GroundedItem:
        """Return the object as the answer lists it."""
        box = Box(*shapely.MultiPolygon(self.polygons).bounds)
        return GroundedItem(self.id, self.phrase, round(self.score, 4), box, round(self.area_m2, 2))


@dataclass
class Summary:
    """What is remembered of objects once they are written: how many of each phrase, and the best scored."""

    counts: Counter[str] = field(default_factory=Counter)
    _best: list[tuple[float, str, int, GroundedItem]] = field(default_factory=list)

    def add(self, one: Found) -> None:
        """Count an object."""
        self.counts[one.phrase] += 1
        ranked = (one.score, one.id, self.counts.total(), one.item())
        if len(self._best) < MOST_ITEMS:
            heapq.heappush(self._best, ranked)
        else:
            heapq.heappushpop(self._best, ranked)

    @property
    def items(self) -> list[GroundedItem]:
        """Return the best scored, best first."""
        return [item for *_, item in sorted(self._best, reverse=True)]


@dataclass(frozen=True)
class Drawing:
    """How objects become features, and what each feature says of where it comes from; `created` is ISO 8601, UTC."""

    phrases: Sequence[str]
    reader: SourceReader
    parameters: OutlineParameters
    layer: str
    model: str
    created: str

    def write(self, path: Path, instances: Iterable[Instance], on_object: Callable[[], None]) -> Summary:
        """Write the objects that leave an outline to a new GeoPackage, in the order they come; `on_object` may raise.

        Raises:
            Unavailable: DISK_FULL.
        """
        summary = Summary()
        with GeopackageRows(path, COLUMNS, self.reader.grid.crs, self.layer or LAYER, self.created) as rows:
            for instance in instances:
                on_object()
                one = self._drawn(instance)
                if one.polygons:
                    rows.add(row_of(one, self.model, self.reader.name, self.created), one.polygons)
                    summary.add(one)
        return summary

    def _drawn(self, one: Instance) -> Found:
        phrase, crs = self.phrases[one.phrase], self.reader.grid.crs
        exact = sorted(one.polygons, key=lambda polygon: polygon.area, reverse=True)
        shape = outline_of(exact, ORIGIN, 1, self.reader.grid, self.parameters)
        polygons = tuple(self.reader.to_crs(polygon) for polygon in shape.polygons)
        area = sum(area_m2(polygon, crs) for polygon in polygons)
        return Found(_name(phrase, exact, self.reader.origin), phrase, one.score, one.score_max, area, polygons)


def row_of(one: Found, model: str, source: str, created: str) -> dict[str, Any]:
    """Return the attributes, `COLUMNS`; `label` is the phrase under the name that all results' polygons have it."""
    return {
        "id": one.id,
        "phrase": one.phrase,
        "score": one.score,
        "score_max": one.score_max,
        "label": one.phrase,
        "prompt": json.dumps({"phrase": one.phrase}, ensure_ascii=False),
        "model": model,
        "source": source,
        "area_m2": one.area_m2,
        "created": created,
    }


def _name(phrase: str, polygons: Sequence[shapely.Polygon], origin: tuple[int, int]) -> str:
    """Return a name that the same object has in every run, whatever the area asked for and whatever else is found."""
    place = shapely.transform(shapely.MultiPolygon(polygons), lambda xy: xy + origin)
    return hashlib.sha256(phrase.encode() + shapely.to_wkb(place)).hexdigest()[:16]
