"""Is a GeoTIFF all there? Of what does not fit on the disk when a file is closed, GDAL says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from backend.errors import Unavailable
from backend.geo.access import CACHE_BYTES
from backend.protocol import codes

WRITE_ERRORS = (RasterioError, CPLE_BaseError)
"""What rasterio raises where a file cannot be written."""
OPTIONS = {"GDAL_PAM_ENABLED": "NO", "GDAL_CACHEMAX": CACHE_BYTES}


@contextmanager
def writing_rasters() -> Iterator[None]:
    """Let the block write rasters: GDAL keeps little in memory, and what it cannot write is DISK_FULL."""
    try:
        with rasterio.Env(**OPTIONS):
            yield
    except WRITE_ERRORS as error:
        detail = "The raster was not written: is the disk full? Free some space and run it again."
        raise Unavailable(codes.DISK_FULL, detail, status=507) from error


def copy_whole(source: Path, path: Path, **options: object) -> None:
    """Copy the raster at `source` to a GeoTIFF at `path`; `options` are `rasterio.shutil.copy`'s.

    Raises:
        One of `WRITE_ERRORS`, also where its end is missing.
    """
    rasterio.shutil.copy(source, path, **options)
    check_whole(path)


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
