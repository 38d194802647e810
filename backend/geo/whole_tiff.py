"""Is a GeoTIFF all there? Of what does not fit on the disk when a file is closed, GDAL says nothing."""

from __future__ import annotations

from pathlib import Path

import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

WRITE_ERRORS = (RasterioError, CPLE_BaseError)
"""What rasterio raises where a file cannot be written."""


def check_whole(path: Path) -> None:
    """Raise one of `WRITE_ERRORS` where a block of the GeoTIFF at `path`, or of its overviews, is not in the file."""
    size = path.stat().st_size
    with rasterio.open(path, driver="GTiff") as dataset:
        _check_blocks(dataset, size)
        levels = len(dataset.overviews(1))
    for level in range(levels):
        with rasterio.open(path, driver="GTiff", overview_level=level) as dataset:
            _check_blocks(dataset, size)


def _check_blocks(dataset: DatasetReader, size: int) -> None:
    rows, columns = dataset.block_shapes[0]
    for band in dataset.indexes:
        for row in range(-(-dataset.height // rows)):
            for column in range(-(-dataset.width // columns)):
                start, length = (
                    int(dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=band) or 0)
                    for what in ("OFFSET", "SIZE")
                )
                if not 0 < start + length <= size:
                    raise RasterioError(f"block {column}, {row} of band {band} is missing")
