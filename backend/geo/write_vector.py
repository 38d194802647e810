"""Objects to a GeoPackage."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.protocol import codes

FIELDS = ("object", "score", "label", "prompt", "model", "source", "area_m2", "created")
NUMBERS, TIME = ("score", "score_max", "area_m2", "probability"), "datetime64[ms]"
LAYER = "objects"
LAYER_NAME = re.compile(r"(?!gpkg_|sqlite_|rtree_)[^\x00-\x1f\x7f\ud800-\udfff/]{1,100}", re.IGNORECASE)


@dataclass(frozen=True)
class Feature:
    """One object of a result; `prompt` is JSON, `created` UTC in ISO 8601, `area_m2` 0 where unknown."""

    object: str
    score: float
    label: str
    prompt: str
    model: str
    source: str
    area_m2: float
    created: str
    polygons: tuple[shapely.Polygon, ...]


def check_layer(name: str) -> None:
    """Raise BadInput (OUTPUT_UNWRITABLE) for a name that a GeoPackage takes for no layer."""
    if name and not LAYER_NAME.fullmatch(name):
        detail = f"A GeoPackage cannot hold a layer named {name!r:.60}; use a short name of ordinary characters."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)


def write_geopackage(
    path: Path,
    features: Sequence[Feature],
    crs: str,
    layer: str = LAYER,
    write: Callable[[Path, bytes], None] = write_bytes,
) -> None:
    """Write `features`, one multipolygon each, to `path` whole or not at all; an existing file is replaced whole.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    columns = {name: [getattr(feature, name) for feature in features] for name in FIELDS}
    write(path, geopackage(columns, [feature.polygons for feature in features], crs, layer or LAYER))


def geopackage(
    columns: Mapping[str, Sequence[Any]],
    polygons: Sequence[Sequence[shapely.Polygon]],
    crs: str,
    layer: str,
) -> bytes:
    """Return a GeoPackage of one layer, a multipolygon a row: texts, `NUMBERS`, and UTC times in `created`."""
    fields = columns_of(columns)
    geometry = shapely.to_wkb(np.array([shapely.MultiPolygon(parts) for parts in polygons], dtype=object))
    buffer = io.BytesIO()
    pyogrio.raw.write(
        buffer,
        geometry=geometry,
        field_data=list(fields.values()),
        fields=np.array(list(fields), dtype=object),
        geometry_type="MultiPolygon",
        driver="GPKG",
        layer=layer,
        crs=crs or None,
        gdal_tz_offsets={"created": np.zeros(len(polygons), dtype=np.int16) + 100},
    )
    return buffer.getvalue()


def columns_of(columns: Mapping[str, Sequence[Any]]) -> dict[str, NDArray[Any]]:
    """Return columns as they are written: texts, `NUMBERS`, and UTC times in `created`."""
    fields: dict[str, NDArray[Any]] = {name: np.array(values, dtype=object) for name, values in columns.items()}
    fields |= {name: fields[name].astype(np.float64) for name in NUMBERS if name in fields}
    fields["created"] = np.array([text.rstrip("Z").removesuffix("+00:00") for text in columns["created"]], TIME)
    return fields
