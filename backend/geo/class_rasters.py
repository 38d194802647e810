"""A class map and how sure it is, computed piece by piece: memory does not grow with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from backend.geo.atomic import Batch
from backend.geo.category_names import categories_text, sidecar
from backend.geo.class_style import style_file, style_text
from backend.geo.mosaic_vrt import Band, Mosaic, Piece
from backend.geo.pyramid import windows
from backend.geo.raster import Grid, Window
from backend.geo.whole_tiff import check_whole, writing_rasters
from backend.geo.write_cog import AVERAGE, cog_writer

NO_DATA, STEPS = 255, 250
MODE = "MODE"
MANY_BANDS, SIDE, SMALL_SIDE = 512, 256, 128

Bytes = NDArray[np.uint8]
Classes = Callable[[Window], tuple[Bytes, Bytes]]
"""Gives (rows, columns) of a window: the class, and how sure it is in steps of 1/250; 255 is no data in both."""


@dataclass(frozen=True)
class Legend:
    """What the values 0 and up of a class map mean; colours are `#rrggbb`."""

    names: Sequence[str]
    colours: Sequence[str]

    @property
    def rgba(self) -> list[tuple[int, int, int, int]]:
        """Return the colours as numbers, opaque."""
        return [(*bytes.fromhex(colour[1:]), 255) for colour in self.colours]


@dataclass(frozen=True)
class ClassRasters:
    """Where a class map goes, and its confidence if that is wanted."""

    classes: Path
    confidence: Path | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def write_classes(
    batch: Batch,
    out: ClassRasters,
    grid: Grid,
    legend: Legend,
    found: Classes,
    progress: Callable[[float, str], None],
    bands: int = 1,
) -> NDArray[np.int64]:
    """Add the rasters to `batch` as COGs with names and style of the values beside them, and return each class's cells.

    `found` is asked for windows of 256 x 256 cells, of 128 x 128 where what it reads has very many `bands`.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    counts = np.zeros(len(legend.names), np.int64)
    side = SIDE if bands <= MANY_BANDS else SMALL_SIDE
    pieces = list(windows(grid, side))
    with tempfile.TemporaryDirectory(dir=out.classes.parent, prefix=".classes") as name:
        folder = Path(name)
        plain = [folder / "classes.tif", *([folder / "sure.tif"] if out.confidence else [])]
        with writing_rasters():
            with ExitStack() as stack:
                opened = [stack.enter_context(_plain(path, grid)) for path in plain]
                for index, window in enumerate(pieces):
                    progress(95 * index / len(pieces), f"Part {index + 1} of {len(pieces)}")
                    given = found(window)
                    counts += np.bincount(given[0][given[0] != NO_DATA], minlength=len(counts))
                    where = RasterWindow(window.col, window.row, window.width, window.height)
                    for dataset, values in zip(opened, given, strict=False):
                        dataset.write(values, 1, window=where)
            for path in plain:
                check_whole(path)
        shares = {"Share": (counts / max(counts.sum(), 1)).tolist()}
        band = Band(1, "class", nodata=NO_DATA, colours=legend.rgba, categories=legend.names)
        batch.write(out.classes, cog_writer(_vrt(folder / "classes.vrt", grid, band, out.tags), MODE))
        batch.add(sidecar(out.classes), categories_text(legend.names, legend.rgba, shares))
        batch.add(style_file(out.classes), style_text(legend.names, legend.colours))
        if out.confidence:
            band = Band(1, "confidence", nodata=NO_DATA, scale=1 / STEPS)
            batch.write(out.confidence, cog_writer(_vrt(folder / "sure.vrt", grid, band, out.tags), AVERAGE))
    return counts


def _plain(path: Path, grid: Grid) -> Any:
    return rasterio.open(
        path, "w", driver="GTiff", dtype="uint8", count=1, width=grid.width, height=grid.height, tiled=True,
        blockxsize=256, blockysize=256, bigtiff="if_safer", compress="deflate", zlevel=1,
    )  # fmt: skip


def _vrt(path: Path, grid: Grid, band: Band, tags: Mapping[str, str]) -> Path:
    piece = Piece(path.with_suffix(".tif").name, Window(0, 0, grid.width, grid.height))
    return Mosaic(grid, [piece], [band], {"AREA_OR_POINT": "Area", **tags}).write(path)
