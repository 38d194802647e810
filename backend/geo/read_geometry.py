"""The geometries of a GeoParquet table, and of tables that hold WKB or coordinates without saying more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from backend.geo.access import unreadable

DEGREES = "OGC:CRS84"
GEOMETRY = "geometry"
PLACES = (("lon", "lat"), ("longitude", "latitude"), ("centre_lon", "centre_lat"))
"""Columns of coordinates in degrees."""


def geometry_columns(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns that `geometries` needs: one of geometries, two of coordinates, or none."""
    names = {name.lower(): name for name in schema.names}
    said = _said(schema.metadata).get("primary_column", GEOMETRY)
    if said in schema.names:
        return (said,)
    return next(((names[x], names[y]) for x, y in PLACES if x in names and y in names), ())


def geometries(file: str, table: pa.Table) -> tuple[NDArray[np.object_], str]:
    """Return the geometries (n,) of `table`, which has the columns of `geometry_columns`, and their CRS.

    A row without one has an empty geometry. The CRS is WKT or an authority's; empty where the file says it has none.

    Raises:
        BadInput: SOURCE_UNREADABLE.
    """
    columns = geometry_columns(table.schema)
    if not columns:
        return np.full(table.num_rows, shapely.Point()), ""
    if len(columns) == 2:
        x, y = (table.column(name).cast(pa.float64()).to_numpy() for name in columns)
        places = shapely.points(x, y)
        places[~np.isfinite(x + y)] = shapely.Point()
        return np.asarray(places, np.object_), DEGREES
    about = _said(table.schema.metadata).get("columns", {}).get(columns[0], {})
    if about.get("encoding", "WKB") != "WKB":
        raise unreadable(file, f"its geometries are encoded as {about['encoding']!r:.40}; save them as WKB")
    return _decoded(file, table.column(columns[0])), _crs(file, about)


def _said(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    try:
        found = json.loads((metadata or {}).get(b"geo", b"{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _decoded(file: str, values: pa.ChunkedArray) -> NDArray[np.object_]:
    texts = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    stored = np.array(values.to_pylist(), object)
    try:
        found = shapely.from_wkt(stored) if texts else shapely.from_wkb(stored)
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise unreadable(file, "its geometries are damaged, or neither WKB nor WKT") from error
    found[shapely.is_missing(found)] = shapely.Point()
    return np.asarray(found, np.object_)


def _crs(file: str, about: Mapping[str, Any]) -> str:
    said = about.get("crs", DEGREES)
    if said is None:
        return ""
    try:
        return CRS.from_user_input(said).to_wkt()
    except CRSError as error:
        raise unreadable(file, "its CRS is none that is known") from error
