"""A `VectorField` in a GeoTIFF: float, or int8 in AlphaEarth's scheme."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from backend.errors import BadInput
from backend.geo.access import file_state, gdal_environment, open_source, unreadable
from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import at_unit_length, from_bytes
from backend.protocol import codes

from .identity import Identity

Floats = NDArray[np.float32]
FEWEST = 4
"""Bands of a raster that is taken for vectors; fewer are a picture."""


class RasterField:
    """Implements `VectorField`."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            BadInput: as `open_source`; PARAMETER_INVALID for a raster that holds no vectors.
        """
        self._path, self.name = path, path.name
        self._state = file_state(path)
        self._dataset: Any = open_source(path)
        try:
            self._check()
        except BaseException:
            self._dataset.close()
            raise
        crs = self._dataset.crs.to_wkt() if self._dataset.crs else ""
        self.grid = Grid(self._dataset.width, self._dataset.height, Affine(*self._dataset.transform[:6]), crs)
        self.identity = Identity.of_tags(self._dataset.tags(), self._dataset.count)
        self.fingerprint: tuple[object, ...] = (str(path), self._state)

    def __enter__(self) -> RasterField:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()

    def read(self, window: Window, step: int = 1) -> Floats:
        """Return unit vectors as `VectorField` says."""
        where = RasterWindow(window.col, window.row, window.width, window.height)
        shape = (self._dataset.count, -(-window.height // step), -(-window.width // step))
        try:
            with gdal_environment():
                stored = self._dataset.read(window=where, out_shape=shape, resampling=Resampling.nearest)
        except (RasterioError, OSError) as error:
            raise unreadable(self.name, f"its vectors near {window.col}, {window.row} are damaged") from error
        values = from_bytes(stored) if stored.dtype == np.int8 else stored.astype(np.float32)
        return np.asarray(at_unit_length(values), np.float32)

    def _check(self) -> None:
        kinds = set(self._dataset.dtypes)
        if self._dataset.count < FEWEST or len(kinds) > 1 or not kinds <= {"int8", "float32", "float64", "float16"}:
            detail = f"{self.name!r} holds no embeddings: those are {FEWEST} or more bands of int8 or float numbers."
            raise BadInput(codes.PARAMETER_INVALID, detail)
