"""Tables as Parquet, and as GeoParquet 1.1 where rows have outlines: ZSTD, in Hilbert order, with their boxes.

https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from backend.geo.atomic import write_bytes
from backend.geo.hilbert import hilbert_order

Column = list[str] | NDArray[np.int64] | NDArray[np.float64] | NDArray[np.float32]
NO_METADATA: Mapping[str, str] = MappingProxyType({})
GROUP_BYTES = 128 * 2**20
"""Of a row group, about: what geoembeddings.org advises."""
SIDES = ("xmin", "ymin", "xmax", "ymax")


def write_parquet(path: Path, columns: Mapping[str, Column], metadata: Mapping[str, str] = NO_METADATA) -> None:
    """Write columns of equal length: text, int64, float64, or float32 of shape (rows, n) as lists of n.

    `metadata` stands in the file's footer, as geoembeddings.org asks for under the key `emb`.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    write_bytes(path, parquet_bytes(columns, metadata))


def parquet_bytes(columns: Mapping[str, Column], metadata: Mapping[str, str] = NO_METADATA) -> bytes:
    """Return the file of what `write_parquet` takes."""
    buffer = io.BytesIO()
    _write(buffer, {name: _array(values) for name, values in columns.items()}, metadata)
    return buffer.getvalue()


def write_geoparquet(
    path: Path,
    columns: Mapping[str, Column],
    geometries: NDArray[np.object_],
    crs: str,
    metadata: Mapping[str, str] = NO_METADATA,
) -> None:
    """Make `path` a file of `columns` and of shapely's `geometries` (n,), which may be empty or None, in `crs`.

    Rows come in Hilbert order; `geometry` and `bbox`, the box of each, follow the columns. To be called by
    `atomic.Batch.write`. Raises OSError.
    """
    boxes = shapely.bounds(geometries)
    order = hilbert_order((boxes[:, :2] + boxes[:, 2:]) / 2)
    arrays = {name: _array(values).take(pa.array(order)) for name, values in columns.items()}
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))[order]
    arrays["geometry"] = pa.array(shapely.to_wkb(geometries[order]), pa.binary(), mask=~there)
    sides = [pa.array(side) for side in boxes[order].T]
    arrays["bbox"] = pa.StructArray.from_arrays(sides, SIDES, mask=pa.array(~there))
    _write(path, arrays, {"geo": json.dumps(_geo(geometries, boxes, crs)), **metadata})


def _array(values: Column) -> pa.Array:
    if isinstance(values, list):
        return pa.array(values, pa.string())
    if values.ndim == 1:
        return pa.array(values)
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(values).reshape(-1)), values.shape[1])


def _geo(geometries: NDArray[np.object_], boxes: NDArray[np.float64], crs: str) -> dict[str, Any]:
    kinds = sorted({one.geom_type for one in geometries if one is not None and not one.is_empty})
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}
    column["crs"] = CRS.from_user_input(crs).to_json_dict() if crs else None
    if kinds:
        column["bbox"] = [*np.nanmin(boxes[:, :2], axis=0).tolist(), *np.nanmax(boxes[:, 2:], axis=0).tolist()]
    column["covering"] = {"bbox": {side: ["bbox", side] for side in SIDES}}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _write(sink: Path | io.BytesIO, arrays: Mapping[str, pa.Array], metadata: Mapping[str, str]) -> None:
    table = pa.table(dict(arrays)).replace_schema_metadata(dict(metadata) or None)
    rows = max(1, GROUP_BYTES * table.num_rows // max(table.nbytes, 1))
    pq.write_table(table, sink, compression="zstd", row_group_size=rows)
