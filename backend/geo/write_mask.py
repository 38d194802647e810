"""An object's mask to a GeoTIFF on the image's grid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.windows import Window as RasterWindow

from backend.geo.atomic import write_bytes
from backend.geo.raster import Grid, Window

TILE = 512


def write_mask(
    path: Path,
    mask: NDArray[np.bool_],
    window: Window,
    step: int,
    grid: Grid,
    write: Callable[[Path, bytes], None] = write_bytes,
) -> None:
    """Write uint8 1 where `mask` (cells of `step` pixels over `window`) is set, 0 elsewhere, to `path` on `grid`.

    Tiles without any of the object are not stored, so a small object of a huge image makes a small file.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    full = mask.repeat(step, axis=0).repeat(step, axis=1)[: window.height, : window.width].astype(np.uint8)
    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "width": grid.width, "height": grid.height,
        "crs": grid.crs or None, "tiled": True, "blockxsize": TILE, "blockysize": TILE, "compress": "deflate",
        "sparse_ok": True, "bigtiff": "if_safer",
    }  # fmt: skip
    if not grid.transform.is_identity or grid.crs:
        profile["transform"] = grid.transform
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            if full.size:
                dataset.write(full, 1, window=RasterWindow(window.col, window.row, window.width, window.height))
        write(path, bytes(memory.getbuffer()))
