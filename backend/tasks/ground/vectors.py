"""Objects to features of a GeoPackage and to items of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from backend.geo.measure import area_m2
from backend.geo.outline import OutlineParameters, outline_of
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.geo.write_vector import geopackage
from backend.protocol.ground import GroundedItem
from backend.protocol.prompts import Box

from .instances import Instance

LAYER = "instances"
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


def outlined(
    instances: Iterable[Instance],
    phrases: Sequence[str],
    reader: SourceReader,
    parameters: OutlineParameters,
    on_object: Callable[[], None],
) -> list[Found]:
    """Return the objects that leave an outline, best score first, numbered in that order; `on_object` may raise."""
    drawn = []
    for one in instances:
        on_object()
        drawn.append(_drawn(one, phrases[one.phrase], reader, parameters))
    ordered = sorted((one for one in drawn if one.polygons), key=_rank)
    return [replace(one, id=str(number)) for number, one in enumerate(ordered, start=1)]


def _drawn(one: Instance, phrase: str, reader: SourceReader, parameters: OutlineParameters) -> Found:
    exact = sorted(one.polygons, key=lambda polygon: polygon.area, reverse=True)
    shape = outline_of(exact, ORIGIN, 1, reader.grid, parameters)
    polygons = tuple(reader.to_crs(polygon) for polygon in shape.polygons)
    area = sum(area_m2(polygon, reader.grid.crs) for polygon in polygons)
    return Found("", phrase, one.score, one.score_max, area, polygons)


def _rank(one: Found) -> tuple[float, str, tuple[float, ...]]:
    return -one.score, one.phrase, shapely.MultiPolygon(one.polygons).bounds


def instances_file(found: Sequence[Found], crs: str, layer: str, model: str, source: str, created: str) -> bytes:
    """Return `instances.gpkg`; `label` is the phrase under the name that all results' polygons have it."""
    columns: dict[str, Sequence[Any]] = {
        "id": [one.id for one in found],
        "phrase": [one.phrase for one in found],
        "score": [one.score for one in found],
        "score_max": [one.score_max for one in found],
        "label": [one.phrase for one in found],
        "prompt": [json.dumps({"phrase": one.phrase}, ensure_ascii=False) for one in found],
        "model": [model] * len(found),
        "source": [source] * len(found),
        "area_m2": [one.area_m2 for one in found],
        "created": [created] * len(found),
    }
    return geopackage(columns, [one.polygons for one in found], crs, layer or LAYER)
