"""Embeddings on a grid, as everyone writes them: `E.tif`, `E.preview.tif`, `E.item.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from rasterio.transform import array_bounds

from backend.geo.atomic import Batch
from backend.geo.north_up import is_south_up, north_up, turned
from backend.geo.pyramid import Form, is_cog, write_pyramid
from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import FORMULA, NODATA

from .about import About
from .identity import Identity
from .preview import false_colour
from .raster_field import RasterField
from .stac import GEOTIFF, Asset, item
from .stretched import STRETCH_TAG

Values = NDArray[Any]
COG = f"{GEOTIFF}; profile=cloud-optimized"


def write_field(
    batch: Batch,
    out: Path,
    grid: Grid,
    identity: Identity,
    values: Callable[[Window], Values],
    about: About,
    progress: Callable[[float, str], None],
) -> None:
    """Add the vectors that `values` gives, a preview of them in false colour and their STAC item to `batch`.

    `values` is asked for (width, rows, columns) of windows of `grid`, at most 256 x 256 each, row by row from the
    north; NaN in all numbers of a cell is no data. Vectors need not be of unit length: they are stored at it; with
    int8 they may also come as they are stored. Only a few windows are in memory at once. A `grid` that is south up is
    written north up. The run record, `out`.run.json, is the caller's.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    if is_south_up(grid.transform):
        grid, values = north_up(grid), _from_the_north(grid, values)
    tags = {"TOPOSCOPE_TASK": about.task, **identity.tags, **({STRETCH_TAG: about.stretch} if about.stretch else {})}
    stored = {"QUANTIZATION": FORMULA, "QUANTIZATION_NODATA": str(NODATA)} if about.dtype == "int8" else {}
    form = Form(band_names(identity), about.dtype, unit=True, tags={**tags, **stored})

    def most(percent: float, message: str) -> None:
        progress(0.9 * percent, message)

    beside = batch.write(out, lambda path: write_pyramid(path, grid, form, values, most))
    preview = out.with_suffix(".preview.tif")
    shown = Form(("red", "green", "blue"), "uint8", nodata=0, tags=tags)

    def rest(percent: float, message: str) -> None:
        progress(90 + 0.1 * percent, "Preview")

    with RasterField(beside) as field:
        seen = batch.write(preview, lambda path: write_pyramid(path, grid, shown, false_colour(field), rest))
    assets = {
        "embeddings": Asset(out, beside, batch.sha256[out], COG if is_cog(beside) else GEOTIFF, "data"),
        "preview": Asset(preview, seen, batch.sha256[preview], COG, "visual"),
    }
    bounds = array_bounds(grid.height, grid.width, grid.transform)
    add_item(batch, out, item(out, identity, about, bounds, grid.crs, assets, grid))


def _from_the_north(grid: Grid, values: Callable[[Window], Values]) -> Callable[[Window], Values]:
    return lambda window: values(turned(window, grid.height))[:, ::-1]


def band_names(identity: Identity) -> tuple[str, ...]:
    """Return the names of a field's bands: `MODEL_00` and up."""
    digits = max(2, len(str(identity.width - 1)))
    return tuple(f"{identity.model.upper() or 'E'}_{index:0{digits}d}" for index in range(identity.width))


def add_item(batch: Batch, out: Path, described: dict[str, object]) -> None:
    """Add the STAC item of `out` to `batch`."""
    text = json.dumps(described, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    batch.add(out.with_suffix(".item.json"), text.encode())
