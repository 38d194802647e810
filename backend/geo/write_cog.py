"""A raster on disk as Cloud Optimized GeoTIFF, copied piece by piece: memory does not grow with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil

from backend.errors import Unavailable
from backend.geo.access import CACHE_BYTES
from backend.geo.whole_tiff import WRITE_ERRORS, check_whole
from backend.protocol import codes

AVERAGE, NEAREST = "AVERAGE", "NEAREST"
BIG = 2**31
OPTIONS = {"GDAL_PAM_ENABLED": "NO", "GDAL_CACHEMAX": CACHE_BYTES}


def cog_writer(source: Path, overviews: str, compressed: bool = True) -> Callable[[Path], None]:
    """Return what writes `source` (a VRT of ours) to the path it is given.

    `overviews` is how pixels become one: `AVERAGE` for quantities, `NEAREST` for classes.
    """

    def write(path: Path) -> None:
        with rasterio.Env(**OPTIONS):
            with rasterio.open(source, driver="VRT") as dataset:
                plain = dataset.width * dataset.height * dataset.count * max(map(_bytes, dataset.dtypes))
            try:
                rasterio.shutil.copy(
                    source, path, driver="COG", compress="DEFLATE" if compressed else "NONE", predictor="NO",
                    blocksize=512, overview_resampling=overviews, bigtiff="YES" if plain > BIG else "NO",
                )  # fmt: skip
                check_whole(path)
            except WRITE_ERRORS as error:
                detail = f"{path.name!r:.80} was not written: is the disk full? Free some space and run it again."
                raise Unavailable(codes.DISK_FULL, detail, status=507) from error

    return write


def _bytes(dtype: str) -> int:
    return np.dtype(dtype).itemsize
