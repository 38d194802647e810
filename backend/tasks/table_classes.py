"""A table of vectors with the class of each row."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_target
from backend.protocol import codes
from backend.tasks.record import utc_now
from backend.tasks.vectors.about import CHIP, PIXEL, About
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table

NO_CLASS = 255
TABLES = (".gpkg", ".parquet")
"""What a classified table is written as."""


def check_map(path: Path, table: bool) -> None:
    """Raise OUTPUT_UNWRITABLE where no class map can be written at `path`: of a `table`, or of a raster."""
    if table and path.suffix.lower() not in TABLES:
        detail = f"{path.name!r:.80} cannot hold a table with its classes; end the name in .gpkg or .parquet."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    check_target(path, "" if table else ".tif")


def write_table_classes(
    batch: Batch,
    out: Path,
    table: VectorTable,
    task: str,
    names: tuple[str, ...],
    classes: NDArray[np.uint8],
    confidence: NDArray[np.float64] | None = None,
    column: str = "class",
) -> NDArray[np.int64]:
    """Add `table` with the columns `column` and `confidence` to `batch`, and return how many rows each class has.

    A GeoPackage holds geometries and ids, GeoParquet the vectors too. `classes` (n,) are numbers of `names`, 255 for
    a row without a vector, whose class is empty.

    Raises:
        BadInput: OUTPUT_UNWRITABLE for a GeoPackage of rows that lie nowhere.
        Unavailable: DISK_FULL.
    """
    known = classes != NO_CLASS
    texts = [names[value] if value != NO_CLASS else "" for value in classes.tolist()]
    sure = {} if confidence is None else {"confidence": np.where(known, confidence, np.nan)}
    if out.suffix.lower() == ".gpkg":
        batch.add(out, _geopackage(table, {"id": list(table.ids), column: texts, **sure}, out))
    else:
        kind = CHIP if (shapely.get_dimensions(table.geometries) == 2).any() else PIXEL
        write_table(batch, out, table, About(task, utc_now(), kind=kind, record=""), {column: texts, **sure})
    return np.bincount(classes[known], minlength=len(names))


def _geopackage(table: VectorTable, columns: dict[str, list[str] | NDArray[np.float64]], out: Path) -> bytes:
    if shapely.is_empty(table.geometries).all():
        detail = f"The rows of {table.name!r} lie nowhere; give {out.name!r:.80} a name that ends in .parquet."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    kinds = {shape.geom_type for shape in table.geometries}
    buffer = io.BytesIO()
    pyogrio.raw.write(
        buffer,
        geometry=shapely.to_wkb(table.geometries),
        field_data=[
            np.array(values, dtype=object if isinstance(values, list) else None) for values in columns.values()
        ],
        fields=np.array(list(columns), dtype=object),
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        driver="GPKG",
        layer=out.stem,
        crs=table.crs or None,
    )
    return buffer.getvalue()
