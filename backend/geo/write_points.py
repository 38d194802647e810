"""Points with columns of numbers and texts to a GeoPackage."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray


def points_geopackage(
    places: NDArray[np.float64], crs: str, columns: Mapping[str, Sequence[str] | NDArray[np.float64]], layer: str
) -> bytes:
    """Return a GeoPackage of one layer of points at `places` (n, 2), x and y in `crs`."""
    fields = [np.array(values, dtype=object if isinstance(values, list) else None) for values in columns.values()]
    buffer = io.BytesIO()
    pyogrio.raw.write(
        buffer,
        geometry=shapely.to_wkb(shapely.points(places)),
        field_data=fields,
        fields=np.array(list(columns), dtype=object),
        geometry_type="Point",
        driver="GPKG",
        layer=layer,
        crs=crs,
    )
    return buffer.getvalue()
