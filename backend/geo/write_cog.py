"""A raster on disk as Cloud Optimized GeoTIFF, copied piece by piece: memory does not grow with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio

from backend.geo.whole_tiff import copy_whole, writing_rasters

AVERAGE, NEAREST = "AVERAGE", "NEAREST"
BIG = 2**31


def cog_writer(source: Path, overviews: str, compressed: bool = True, picture: bool = False) -> Callable[[Path], None]:
    """Return what writes `source` (a VRT of ours) to the path it is given, with its tags and its XMP packet.

    `overviews` is how pixels become one: `AVERAGE` for quantities, `NEAREST` for classes. In a `picture` neighbours
    are alike: differences are compressed. It raises DISK_FULL.
    """

    def write(path: Path) -> None:
        with writing_rasters():
            with rasterio.open(source, driver="VRT") as dataset:
                plain = dataset.width * dataset.height * dataset.count * max(map(_bytes, dataset.dtypes))
            copy_whole(
                source, path, driver="COG", compress="DEFLATE" if compressed else "NONE",
                predictor="YES" if picture and compressed else "NO", blocksize=512,
                overview_resampling=overviews, bigtiff="YES" if plain > BIG else "NO",
            )  # fmt: skip

    return write


def _bytes(dtype: str) -> int:
    return np.dtype(dtype).itemsize
