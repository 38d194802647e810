"""Units: pieces of the area, each a pure function of the request and the source, each a file once it is done.

A unit's file holds a band of logits (as bytes) a phrase and a last band, the best phrase from 1 on; 0 is no data.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import DatasetWriter

from backend.geo.atomic import write_error
from backend.geo.raster import Window
from backend.geo.whole_tiff import check_whole, writing_rasters

from .area import Area
from .quantise import to_bytes

Floats = NDArray[np.float32]
SIDE = 2048
BLOCK = 512


@dataclass(frozen=True)
class Unit:
    """A piece: its place on the source's lattice of units, and what of it lies in the area."""

    row: int
    column: int
    window: Window

    @property
    def name(self) -> str:
        """Return what its files are called, without an ending."""
        return f"{self.row:05d}_{self.column:05d}"


def units_of(area: Area, origin: tuple[int, int], side: int = SIDE) -> Iterator[Unit]:
    """Yield the units that share a pixel with the area's window, row by row."""
    window = area.window
    left, top = window.col + origin[0], window.row + origin[1]
    for row in range(top // side, -(-(top + window.height) // side)):
        for column in range(left // side, -(-(left + window.width) // side)):
            x0, y0 = max(column * side, left), max(row * side, top)
            x1, y1 = min((column + 1) * side, left + window.width), min((row + 1) * side, top + window.height)
            yield Unit(row, column, Window(x0 - origin[0], y0 - origin[1], x1 - x0, y1 - y0))


def write_unit(path: Path, bands: int, logits_of: Callable[[int], Floats], valid: NDArray[np.bool_]) -> None:
    """Make `path` the file of a unit of `bands` phrases, whose logits `logits_of` returns, where `valid`."""
    best = np.zeros(valid.shape, np.uint8)
    with writing(path, bands + 1, valid.shape) as dataset:
        if valid.any():
            top = np.full(valid.shape, -np.inf, np.float32)
            for band in range(bands):
                logits = logits_of(band)
                better = logits > top
                top[better], best[better] = logits[better], band + 1
                dataset.write(np.where(valid, to_bytes(logits), 0), band + 1)
        dataset.write(np.where(valid, best, 0), bands + 1)


@contextmanager
def writing(path: Path, bands: int, shape: tuple[int, int]) -> Iterator[DatasetWriter]:
    """Open a small GeoTIFF of uint8 that appears whole or not at all. Raises DISK_FULL, OUTPUT_UNWRITABLE."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": bands, "height": shape[0], "width": shape[1],
        "tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK, "compress": "deflate", "zlevel": 1,
        "interleave": "band", "bigtiff": "if_safer",
    }  # fmt: skip
    try:
        with writing_rasters():
            with rasterio.open(beside, "w", **profile) as dataset:
                yield dataset
            check_whole(beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as trouble:
        raise write_error(path, trouble) from trouble
    finally:
        beside.unlink(missing_ok=True)
