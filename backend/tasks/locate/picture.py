"""A Sentinel-2 picture as reflectances of the bands a model wants, taken by name or else in the usual order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from backend.errors import BadInput
from backend.geo.access import gdal_environment, open_source, unreadable
from backend.protocol import codes

LEVEL_2A = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
ABSENT = "B10"
"""Cirrus: level 2A has no such band; SatCLIP was trained with zeros in its place."""
LARGEST = 2048
PER_REFLECTANCE = 10_000


def read_picture(path: Path, wanted: tuple[str, ...]) -> NDArray[np.float32]:
    """Return reflectances (len(wanted), rows, columns) of the middle of a Sentinel-2 raster of 12 or 13 bands.

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
    named = {_name(text or ""): index for index, text in enumerate(dataset.descriptions, 1)}
    if set(named) >= set(LEVEL_2A):
        return {band: index for band, index in named.items() if band}
    if dataset.count == len(LEVEL_2A):
        return {band: index for index, band in enumerate(LEVEL_2A, 1)}
    if dataset.count == len(LEVEL_2A) + 1:
        return {band: index for index, band in enumerate((*LEVEL_2A[:10], ABSENT, *LEVEL_2A[10:]), 1)}
    detail = f"{name!r} has {dataset.count} bands; give Sentinel-2 with all 12 (level 2A) or 13 (level 1C), in order."
    raise BadInput(codes.PARAMETER_INVALID, detail)


def _name(text: str) -> str:
    """Return `B04` for "B4", "b04" or "B04, central wavelength 665 nm"; empty for another text."""
    found = re.match(r"\s*B(\d{1,2}|8A)\b", text, re.IGNORECASE)
    return f"B{found[1].upper().zfill(2)}" if found else ""


def _middle(dataset: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    starts = max(dataset.height - LARGEST, 0) // 2, max(dataset.width - LARGEST, 0) // 2
    ends = min(dataset.height, starts[0] + LARGEST), min(dataset.width, starts[1] + LARGEST)
    return (starts[0], ends[0]), (starts[1], ends[1])
