"""The files of a search for change, all of them or none."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from backend.geo.append_vector import GeopackageRows
from backend.geo.atomic import Batch
from backend.geo.measure import area_m2, pixel_area_m2
from backend.geo.outline import OutlineParameters, outline_of
from backend.geo.raster import Window
from backend.geo.write_cog import AVERAGE, cog_writer
from backend.protocol.jobs import JobRequest
from backend.tasks.ground.units import Unit
from backend.tasks.record import source_record, write_record

from .aligned import Aligned
from .maps import Maps
from .parameters import DetectParameters
from .places import Places
from .regions import Region, find_regions
from .table import Areas, table_bytes

LAYER = "change"
COLUMNS = ("id", "from", "to", "probability", "area_m2", "before", "after", "model", "created")
ORIGIN = Window(0, 0, 0, 0)
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Result:
    """What was found, before it is written; `classes` are the names of classes 1 and up."""

    request: JobRequest
    found: Aligned
    maps: Maps
    units: Sequence[Unit]
    table: Sequence[int]
    areas: Areas
    classes: Sequence[str]
    asked: DetectParameters
    started: str


def write_results(
    batch: Batch,
    places: Places,
    result: Result,
    model: Mapping[str, Any],
    told: Mapping[str, Any],
    timings: Mapping[str, float],
    clock: float,
    progress: Progress,
) -> list[Path]:
    """Add the files to `batch` and return them, the record last; `progress` takes a share from 0 to 1.

    Raises:
        BadInput: OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    polygons = 0
    if places.polygons is not None:
        counted: list[int] = []
        model_id = str(model.get("id", ""))
        batch.write(places.polygons, lambda path: counted.append(_write_regions(path, result, model_id, progress)))
        polygons = counted[0]
    progress(0.7, "Writing")
    batch.write(places.out, cog_writer(result.maps.probability(result.units, result.table), AVERAGE))
    rows = result.areas.rows(result.classes)
    batch.add(places.table, table_bytes(rows))
    pair = result.found.pair
    more = {
        "after": source_record(pair.after),
        **told,
        "changed": {
            "known_pixels": result.areas.known,
            "known_m2": round(result.areas.known_m2, 2),
            "polygons": polygons,
            "areas": rows,
        },
    }
    seconds = {**timings, "total": time.perf_counter() - clock}
    about = result.request, model, pair.before, seconds, dict(batch.sha256), result.started
    write_record(places.record, *about, batch.add, more)
    return list(batch.sha256)


def _write_regions(path: Path, result: Result, model: str, progress: Progress) -> int:
    """Write the regions that are large enough and leave an outline; return how many."""
    pair, asked = result.found.pair, result.asked
    pixel_m2 = pixel_area_m2(result.maps.grid) or 1.0
    count = 0
    with GeopackageRows(path, COLUMNS, pair.grid.crs, LAYER, result.started) as rows:
        for region in find_regions(result.maps, result.units, result.table, asked.threshold):
            progress(0.0, "Drawing polygons")
            if region.pixels * pixel_m2 < asked.minimum:
                continue
            exact = sorted(region.polygons, key=lambda polygon: polygon.area, reverse=True)
            shape = outline_of(exact, ORIGIN, 1, pair.grid, OutlineParameters())
            polygons = tuple(pair.before.to_crs(polygon) for polygon in shape.polygons)
            if polygons:
                rows.add(_row(region, polygons, result, model), polygons)
                count += 1
    return count


def _row(region: Region, polygons: Sequence[shapely.Polygon], result: Result, model: str) -> dict[str, Any]:
    names, pair = ("", *result.classes), result.found.pair
    place = shapely.transform(shapely.MultiPolygon(region.polygons), lambda xy: xy + pair.before.origin)
    return {
        "id": hashlib.sha256(shapely.to_wkb(place)).hexdigest()[:16],
        "from": names[region.move[0]],
        "to": names[region.move[1]],
        "probability": round(region.probability, 4),
        "area_m2": sum(area_m2(polygon, pair.grid.crs) for polygon in polygons),
        "before": pair.before.name,
        "after": pair.after.name,
        "model": model,
        "created": result.started,
    }
