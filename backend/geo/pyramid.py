"""A raster that is computed piece by piece, with overviews of its own making: memory does not grow with it.

Levels are written beside the result as plain tiles, tied together as a VRT with overviews and copied into place as
Cloud Optimized GeoTIFF. Many bands are stored one after another: before GDAL 3.11 a COG cannot do that, so they become
a tiled GeoTIFF.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import NODATA, at_unit_length, from_bytes, to_bytes
from backend.geo.whole_tiff import check_whole, copy_whole, writing_rasters

Values = NDArray[Any]
SMALLEST, MANY_BANDS, BIG, PIECE_BYTES = 256, 4, 2**31, 2**26
MAKERS = min(4, os.cpu_count() or 1)
"""Threads that quantise and average; each holds a piece in memory, and one more waits."""
GDAL_TYPES = {"uint8": "Byte", "int8": "Int8", "float32": "Float32"}
FASTEST = "1"
"""Level of ZSTD: vectors of 64 bytes come out a percent smaller than at 9, in a quarter of the time."""


@dataclass(frozen=True)
class Form:
    """What a computed raster is.

    Attributes:
        names: of the bands.
        dtype: `float32` (NaN is no data), `uint8`, or `int8` for unit vectors (`unit_bytes`).
        unit: vectors of unit length, and of unit length again in overviews.
        classes: names of the values 0 and up of a class map; overviews take the nearest.
        nodata: of uint8, if any; NaN becomes it.
    """

    names: tuple[str, ...]
    dtype: str = "float32"
    unit: bool = False
    classes: tuple[str, ...] = ()
    nodata: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def write_pyramid(
    path: Path, grid: Grid, form: Form, values: Callable[[Window], Values], progress: Callable[[float, str], None]
) -> None:
    """Write to `path` what `values` returns, (bands, rows, columns) of each window it is asked for.

    It is called from this thread only, row by row of windows. Of unit vectors it may return int8 as they are stored.

    Raises:
        Unavailable: DISK_FULL.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".levels") as folder, writing_rasters():
        levels = [_first(Path(folder) / "0.tif", grid, form, values, progress)]
        while max(levels[-1][1].width, levels[-1][1].height) > SMALLEST:
            levels.append(_coarser(Path(folder) / f"{len(levels)}.tif", *levels[-1], form))
        for level, _ in levels:
            check_whole(level)
        vrt = Path(folder) / "all.vrt"
        vrt.write_text(_vrt(levels, form), encoding="utf-8")
        _copy(vrt, path, levels[0][1], form)


def is_cog(path: Path) -> bool:
    """Return whether the raster at `path` is a Cloud Optimized GeoTIFF."""
    with rasterio.open(path) as dataset:
        return bool(dataset.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG")


def windows(grid: Grid, side: int) -> Iterator[Window]:
    """Yield windows of `side` pixels that cover `grid`, row by row."""
    for row in range(0, grid.height, side):
        for col in range(0, grid.width, side):
            yield Window(col, row, min(side, grid.width - col), min(side, grid.height - row))


Level = tuple[Path, Grid]


def _first(
    path: Path, grid: Grid, form: Form, values: Callable[[Window], Values], progress: Callable[[float, str], None]
) -> Level:
    pieces = list(windows(grid, 256 if len(form.names) <= 512 else 128))

    def read() -> Iterator[tuple[Window, Values]]:
        for index, window in enumerate(pieces):
            progress(95 * index / len(pieces), f"Part {index + 1} of {len(pieces)}")
            yield window, values(window)

    with _created(path, grid, form) as dataset:
        _write(dataset, read(), lambda part: _stored(part, form))
    return path, grid


def _coarser(path: Path, source: Path, grid: Grid, form: Form) -> Level:
    """Write the level above: four pixels become one."""
    half = Grid(-(-grid.width // 2), -(-grid.height // 2), grid.transform @ grid.transform.scale(2), grid.crs)

    def read(finer: Any) -> Iterator[tuple[Window, Values]]:
        for window in windows(half, _side(len(form.names))):
            col, row = 2 * window.col, 2 * window.row
            below = Window(col, row, min(2 * window.width, grid.width - col), min(2 * window.height, grid.height - row))
            yield window, finer.read(window=_raster(below))

    with rasterio.open(source) as finer, _created(path, half, form) as dataset:
        _write(dataset, read(finer), lambda part: _merged(part, form))
    return path, half


def _write(dataset: Any, parts: Iterator[tuple[Window, Values]], make: Callable[[Values], Values]) -> None:
    """Write what `make` makes of each of `parts`: reading and writing in this thread and in order, making in others."""
    waiting: deque[tuple[Window, Future[Values]]] = deque()
    with ThreadPoolExecutor(MAKERS) as pool:
        for window, part in parts:
            waiting.append((window, pool.submit(make, part)))
            if len(waiting) > MAKERS:
                _finish(dataset, *waiting.popleft())
        while waiting:
            _finish(dataset, *waiting.popleft())


def _finish(dataset: Any, window: Window, made: Future[Values]) -> None:
    dataset.write(made.result(), window=_raster(window))


def _side(bands: int) -> int:
    """Return the side of squares whose four times as many numbers, as float32, take 64 MB at most."""
    side = 256
    while 16 * bands * side**2 > PIECE_BYTES:
        side //= 2
    return side


def _merged(stored: Values, form: Form) -> Values:
    if form.classes:
        return stored[:, ::2, ::2]
    values: Values = from_bytes(stored) if form.dtype == "int8" else stored.astype(np.float32)
    if form.nodata is not None:
        values = np.where(stored == form.nodata, np.nan, values)
    odd = ((0, 0), (0, values.shape[1] % 2), (0, values.shape[2] % 2))
    if any(after for _, after in odd):
        values = np.pad(values, odd, constant_values=np.nan)
    known = ~np.isnan(values)
    values[~known] = 0
    total, count = _fours(values), _fours(known.view(np.uint8))
    return _stored(np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0), form)


def _fours(values: Values) -> Values:
    return values[:, ::2, ::2] + values[:, 1::2, ::2] + values[:, ::2, 1::2] + values[:, 1::2, 1::2]


def _stored(values: Values, form: Form) -> Values:
    if values.dtype == np.int8 and form.dtype == "int8":
        return values
    if form.unit:
        values = at_unit_length(values)
    if form.dtype == "int8":
        return to_bytes(values)
    if form.dtype == "uint8":
        values = np.where(np.isnan(values), form.nodata or 0, np.round(values))
    return values.astype(form.dtype)


def _created(path: Path, grid: Grid, form: Form) -> Any:
    return rasterio.open(
        path, "w", driver="GTiff", dtype=form.dtype, count=len(form.names), width=grid.width, height=grid.height,
        crs=grid.crs, transform=grid.transform, tiled=True, blockxsize=256, blockysize=256, interleave="band",
        bigtiff="if_safer",
    )  # fmt: skip


def _raster(window: Window) -> RasterWindow:
    return RasterWindow(window.col, window.row, window.width, window.height)


def _vrt(levels: list[Level], form: Form) -> str:
    (first, grid), *coarser = levels
    lines = [f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}"><SRS>{escape(grid.crs)}</SRS>']
    lines.append(f"<GeoTransform>{', '.join(repr(value) for value in grid.transform.to_gdal())}</GeoTransform>")
    tags = {"AREA_OR_POINT": "Area", **form.tags}
    items = "".join(f'<MDI key="{escape(key)}">{escape(text)}</MDI>' for key, text in tags.items())
    lines.append(f"<Metadata>{items}</Metadata>")
    for band, name in enumerate(form.names, 1):
        lines.append(f'<VRTRasterBand dataType="{GDAL_TYPES[form.dtype]}" band="{band}">')
        lines.append(f"<Description>{escape(name)}</Description>{_nodata(form)}{_categories(form)}")
        lines.append(f"<SimpleSource>{_source(first, band)}</SimpleSource>")
        lines += [f"<Overview>{_source(path, band)}</Overview>" for path, _ in coarser]
        lines.append("</VRTRasterBand>")
    return "\n".join([*lines, "</VRTDataset>\n"])


def _nodata(form: Form) -> str:
    found = {"int8": NODATA, "float32": "nan"}.get(form.dtype, form.nodata)
    return "" if found is None else f"<NoDataValue>{found}</NoDataValue>"


def _categories(form: Form) -> str:
    names = "".join(f"<Category>{escape(name)}</Category>" for name in form.classes)
    return f"<CategoryNames>{names}</CategoryNames>" if names else ""


def _source(path: Path, band: int) -> str:
    return f'<SourceFilename relativeToVRT="1">{path.name}</SourceFilename><SourceBand>{band}</SourceBand>'


def _copy(vrt: Path, path: Path, grid: Grid, form: Form) -> None:
    size = grid.width * grid.height * len(form.names) * np.dtype(form.dtype).itemsize
    predictor = 3 if form.dtype == "float32" else 2
    many = len(form.names) > MANY_BANDS
    shared = {"compress": "ZSTD" if many else "DEFLATE", "bigtiff": "YES" if size > BIG else "NO"}
    shared["num_threads"] = "ALL_CPUS"
    if not many or _tiles_by_band():
        of_many = {"interleave": "TILE", "level": FASTEST} if many else {}
        copy_whole(vrt, path, driver="COG", blocksize=256, predictor="YES", overviews="AUTO", **shared, **of_many)
    else:
        copy_whole(
            vrt, path, driver="GTiff", tiled="YES", blockxsize=256, blockysize=256, interleave="BAND",
            predictor=predictor, zstd_level=FASTEST, COPY_SRC_OVERVIEWS="YES", **shared,
        )  # fmt: skip


def _tiles_by_band() -> bool:
    """Return whether this GDAL's COG driver can store one band after another."""
    return tuple(int(part) for part in rasterio.__gdal_version__.split(".")[:2]) >= (3, 11)
