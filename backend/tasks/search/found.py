"""Ranked places as features of a GeoPackage."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

from backend.geo.measure import area_m2

LAYER = "places"


@dataclass(frozen=True)
class Found:
    """A place in the vectors' CRS, how alike it is on the mean and at its most; `name` is a table's id of the row."""

    shape: BaseGeometry
    score: float
    most: float
    name: str = ""


def geopackage(found: Sequence[Found], crs: str, like: str, model: str, source: str, layer: str = "") -> bytes:
    """Return a GeoPackage of places, the best first: `rank` from 1 on, scores, area, what was asked of which file."""
    shapes = [_several(one.shape) for one in found]
    kinds = {shape.geom_type for shape in shapes} or {"MultiPolygon"}
    columns = {
        "rank": np.arange(1, len(found) + 1, dtype=np.int32),
        "score": np.array([round(one.score, 4) for one in found], np.float64),
        "score_max": np.array([round(one.most, 4) for one in found], np.float64),
        "area_m2": np.array([round(area_m2(shape, crs), 2) for shape in shapes], np.float64),
        "id": np.array([one.name or str(rank) for rank, one in enumerate(found, 1)], object),
        "like": np.array([like] * len(found), object),
        "model": np.array([model] * len(found), object),
        "source": np.array([source] * len(found), object),
    }
    buffer = io.BytesIO()
    pyogrio.raw.write(
        buffer,
        geometry=shapely.to_wkb(np.array(shapes, object)),
        field_data=list(columns.values()),
        fields=np.array(list(columns), object),
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        driver="GPKG",
        layer=layer or LAYER,
        crs=crs or None,
    )
    return buffer.getvalue()


def _several(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape
