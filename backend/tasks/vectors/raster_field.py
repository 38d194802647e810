"""A `VectorField` in a GeoTIFF: float, or int8 in AlphaEarth's scheme; also one that is stored south up."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from backend.errors import BadInput
from backend.geo.access import CACHE_BYTES, gdal_environment, open_source, unreadable
from backend.geo.north_up import is_south_up, north_up, turned
from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import from_bytes
from backend.protocol import codes

from .field import Floats
from .identity import MODEL_TAG, Identity
from .levels import Levels
from .mean import averaged, directions
from .product import ALPHA_EARTH, product_of_bands
from .stretched import STRETCH_TAG
from .unchanged import Unchanged

FEWEST = 4
"""Bands of a raster that is taken for vectors; fewer are a picture."""
BLOCKS, MOST_CACHE = 6, 400 * 2**20
"""Blocks of all bands that are kept: AlphaEarth's, of up to 64 MB, are not to be unpacked for each tile of a view."""
KINDS = {"int8", "float16", "float32", "float64"}


class RasterField:
    """Implements `VectorField`.

    Overviews serve `read` where they are means of unit vectors, as ours and AlphaEarth's are, and the window and its
    end lie on multiples of a level's step; else cells are read and averaged.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            BadInput: as `open_source`; PARAMETER_INVALID for a raster that holds no vectors.
        """
        self.name = path.name
        self._unchanged = Unchanged(path)
        with rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS"):
            self._dataset: Any = open_source(path)
        try:
            self._check()
        except BaseException:
            self._dataset.close()
            raise
        dataset, tags = self._dataset, self._dataset.tags()
        product = product_of_bands(dataset.descriptions, tags)
        self.identity = Identity.of_tags({MODEL_TAG: product, **tags}, dataset.count)
        self.stretch = str(tags.get(STRETCH_TAG, ""))
        plain = set(dataset.scales) == {1} and set(dataset.offsets) == {0}
        self._linear = None if plain else (dataset.scales, dataset.offsets)
        self._cache_bytes = _cache_bytes(dataset)
        self._south_up = is_south_up(dataset.transform)
        means = MODEL_TAG in tags or (product == ALPHA_EARTH and dataset.dtypes[0] == "int8")
        self._levels = Levels(path, dataset, means, self._south_up)
        crs = dataset.crs.to_wkt() if dataset.crs else ""
        stored = Grid(dataset.width, dataset.height, Affine(*dataset.transform[:6]), crs)
        self.grid = north_up(stored) if self._south_up else stored
        self.fingerprint = self._unchanged.fingerprint

    def __enter__(self) -> RasterField:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._levels.close()
        self._dataset.close()

    def read(self, window: Window, step: int = 1) -> Floats:
        """Return unit vectors as `VectorField` says."""
        self._unchanged.check()
        stored = self._turned(window, self._dataset.height)
        level = self._levels.serving(stored, step)
        rows = level.dataset.height

        def cells(piece: Window) -> Floats:
            return self._cells(level.dataset, self._turned(piece, rows))

        part = self._turned(level.window(stored), rows)
        return averaged(cells, part, step // level.step, self.identity.width)

    def _turned(self, window: Window, rows: int) -> Window:
        """Return where `window`, counted from the north of `rows`, lies in the file; or the other way round."""
        return turned(window, rows) if self._south_up else window

    def _cells(self, dataset: Any, window: Window) -> Floats:
        """Return the unit vectors of `window` of the file, or of one of its levels, the northern row first."""
        where = RasterWindow(window.col, window.row, window.width, window.height)
        try:
            with gdal_environment(self._cache_bytes):
                stored = dataset.read(window=where)
        except (RasterioError, OSError) as error:
            raise unreadable(self.name, f"its vectors near {window.col}, {window.row} are damaged") from error
        if self._south_up:
            stored = stored[:, ::-1]
        return directions(self._values(stored))

    def _values(self, stored: Any) -> Floats:
        if stored.dtype == np.int8 and not self._linear:
            return from_bytes(stored)
        values = stored.astype(np.float32)
        if self._linear:
            scales, offsets = (np.array(part, np.float32)[:, None, None] for part in self._linear)
            values = values * scales + offsets
        nodata = self._dataset.nodata
        if nodata is not None and not np.isnan(nodata):
            values[stored == stored.dtype.type(nodata)] = np.nan
        return np.asarray(values, np.float32)

    def _check(self) -> None:
        kinds = set(self._dataset.dtypes)
        if self._dataset.count < FEWEST or len(kinds) > 1 or not kinds <= KINDS:
            detail = f"{self.name!r} holds no embeddings: those are {FEWEST} or more bands of int8 or float numbers."
            raise BadInput(codes.PARAMETER_INVALID, detail)


def _cache_bytes(dataset: Any) -> int:
    rows, columns = dataset.block_shapes[0]
    block = rows * columns * dataset.count * np.dtype(dataset.dtypes[0]).itemsize
    return int(min(max(BLOCKS * block, CACHE_BYTES), MOST_CACHE))
