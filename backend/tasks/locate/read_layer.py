"""Points of a vector layer, in any CRS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError

from backend.errors import BadInput
from backend.geo.read_shapes import chosen_layer
from backend.models.location import Doubles
from backend.protocol import codes

from .points import Column, Points, in_degrees

LAYERS = (".gpkg", ".geojson", ".json", ".fgb", ".shp")


def read_layer(path: Path, crs: str, layer: str) -> Points:
    """Return the points of a layer; `crs` is for one that has none.

    Raises:
        BadInput: SOURCE_UNREADABLE, SOURCE_REFUSED, PARAMETER_INVALID.
    """
    with path.open("rb") as file:
        if b"<ogrvrt" in file.read(4096).lower():
            raise BadInput(codes.SOURCE_REFUSED, f"{path.name!r} is a virtual layer, which may point at any file.")
    try:
        meta, _, geometry, fields = pyogrio.raw.read(path, layer=chosen_layer(path, layer))
    except (DataSourceError, ValueError) as error:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} cannot be read: it is no layer, or damaged.") from error
    own = str(meta["crs"] or "")
    if not (own or crs):
        raise BadInput(codes.PARAMETER_INVALID, f"{path.name!r} does not say its CRS; name it with --crs.")
    if own and crs:
        detail = f"{path.name!r} has a CRS of its own; leave out --crs, or correct the layer's in QGIS."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    columns = {str(name): _column(values) for name, values in zip(meta["fields"], fields, strict=True)}
    return Points(path.name, in_degrees(path.name, _coordinates(path.name, geometry), own or crs), columns)


def _coordinates(name: str, geometry: NDArray[Any] | None) -> Doubles:
    shapes = shapely.from_wkb(geometry if geometry is not None else np.empty(0, object))
    wrong = np.flatnonzero((shapely.get_type_id(shapes) != shapely.GeometryType.POINT) | shapely.is_empty(shapes))
    if geometry is None or len(wrong):
        row, kind = (wrong[0] + 1, getattr(shapes[wrong[0]], "geom_type", "nothing")) if len(wrong) else (1, "nothing")
        raise BadInput(codes.PARAMETER_INVALID, f"Row {row} of {name!r} is {kind}; give a layer of single points.")
    return shapely.get_coordinates(shapes)


def _column(values: NDArray[Any]) -> Column:
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    return ["" if value is None else str(value) for value in values]
