"""A Sentinel-2 picture as reflectances of the bands a model wants, taken by name or else in the usual order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from backend.errors import BadInput
from backend.geo.access import gdal_environment, open_source, unreadable
from backend.geo.band_names import LEVEL_2A, of_bands
from backend.protocol import codes

LARGEST = 2048
PER_REFLECTANCE = 10_000


def read_picture(path: Path, wanted: tuple[str, ...]) -> NDArray[np.float32]:
    """Return reflectances (len(wanted), rows, columns) of the middle of a Sentinel-2 raster of 12 or 13 bands.

    Level 2A lacks cirrus (B10): SatCLIP was trained with zeros in its place.

    Raises:
        BadInput: as `open_source`; PARAMETER_INVALID for other bands or numbers.
    """
    with open_source(path.absolute()) as dataset, gdal_environment():
        if set(dataset.dtypes) - {"uint16", "int16"}:
            kind = dataset.dtypes[0]
            detail = f"{path.name!r} holds {kind} numbers; give Sentinel-2 as delivered: 16 bit, 10000 = 1."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        there = _bands(dataset, path.name)
        try:
            window = _middle(dataset)
            found = [
                dataset.read(there[name], window=window).astype(np.float32) / PER_REFLECTANCE
                if name in there
                else np.zeros((window[0][1] - window[0][0], window[1][1] - window[1][0]), np.float32)
                for name in wanted
            ]
        except (RasterioError, OSError) as error:
            raise unreadable(path.name, "its pixels are damaged or cut off") from error
    return np.stack(found)


def _bands(dataset: Any, name: str) -> dict[str, int]:
    """Return the number of each band by its name."""
    found = of_bands([(text or "", dataset.tags(band)) for band, text in enumerate(dataset.descriptions, 1)])
    if set(found) >= set(LEVEL_2A):
        return {band: index for index, band in enumerate(found, 1) if band}
    detail = f"{name!r} has {dataset.count} bands; give Sentinel-2 with all 12 (level 2A) or 13 (level 1C), in order."
    raise BadInput(codes.PARAMETER_INVALID, detail)


def _middle(dataset: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    starts = max(dataset.height - LARGEST, 0) // 2, max(dataset.width - LARGEST, 0) // 2
    ends = min(dataset.height, starts[0] + LARGEST), min(dataset.width, starts[1] + LARGEST)
    return (starts[0], ends[0]), (starts[1], ends[1])
