"""Open embeddings, whoever made them."""

from __future__ import annotations

from pathlib import Path

from backend.geo.access import checked_path

from .field import VectorField
from .raster_field import RasterField
from .table import VectorTable
from .tessera_field import TesseraField

TABLES = (".parquet", ".geoparquet", ".pq")


def open_vectors(path: Path) -> VectorField | VectorTable:
    """Return the vectors in the file `path` (absolute): a table for Parquet, else a field, north up.

    Fields: our GeoTIFFs and any of float or int8 bands, AlphaEarth's COGs, GeoTessera's `.npy` tiles and GeoTIFFs.
    Tables: ours (chips, folders, `locate`), Major TOM's, Clay's, and others with one column of vectors.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_REFUSED, or PARAMETER_INVALID for what holds no vectors.
    """
    real = checked_path(path)
    if real.suffix.lower() in TABLES:
        from .read_table import read_table  # pyarrow takes a while to load

        return read_table(real)
    return TesseraField(real) if real.suffix.lower() == ".npy" else RasterField(real)
