"""A `VectorField` in a TESSERA tile: int8 `NAME.npy` (rows, columns, 128), float32 `NAME_scales.npy` beside it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.access import unreadable
from backend.geo.raster import Grid, Window
from backend.protocol import codes

from .field import Floats
from .identity import Identity
from .mean import averaged, directions
from .product import product_of_tile
from .tessera_grid import tile_grid
from .unchanged import Unchanged

SCALES = "_scales.npy"


class TesseraField:
    """Implements `VectorField`. A cell whose scale is no number is no data; the file is read where it is asked for."""

    def __init__(self, path: Path) -> None:
        """Open `path`, either of the two files.

        Raises:
            BadInput: SOURCE_MISSING, SOURCE_UNREADABLE; PARAMETER_INVALID for what is no tile, or lies nowhere.
        """
        if path.name.endswith(SCALES):
            path = path.with_name(path.name.removesuffix(SCALES) + ".npy")
        beside = path.with_name(path.stem + SCALES)
        if not beside.is_file():
            detail = f"{path.name!r} has no {beside.name!r} beside it, by which its numbers are multiplied; add it."
            raise BadInput(codes.SOURCE_MISSING, detail)
        self.name, self.stretch = path.name, ""
        self._unchanged = Unchanged(path, beside)
        self._quantised, self._scales = _mapped(path), _mapped(beside)
        shape = self._quantised.shape
        fitting = self._scales.shape in (shape[:2], shape)
        if not (self._quantised.dtype == np.int8 and len(shape) == 3 and fitting and self._scales.dtype.kind == "f"):
            detail = (
                f"{self.name!r} is no TESSERA tile: those are int8 (rows, columns, 128) with float scales as large."
            )
            raise BadInput(codes.PARAMETER_INVALID, detail)
        self.grid: Grid = tile_grid(path, shape[0], shape[1])
        self.identity = Identity(product_of_tile(path), "", shape[2])
        self.fingerprint = self._unchanged.fingerprint

    def __enter__(self) -> TesseraField:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; they are closed with the last view of them."""
        self._quantised = self._scales = np.empty((0, 0, 0), np.int8)

    def read(self, window: Window, step: int = 1) -> Floats:
        """Return unit vectors as `VectorField` says."""
        self._unchanged.check()
        return averaged(self._cells, window, step, self.identity.width)

    def _cells(self, window: Window) -> Floats:
        here = np.s_[window.row : window.row + window.height, window.col : window.col + window.width]
        values = np.ascontiguousarray(self._quantised[here].transpose(2, 0, 1)).astype(np.float32)
        scales = np.asarray(self._scales[here], np.float32)
        values *= scales if scales.ndim == 2 else scales.transpose(2, 0, 1)
        return directions(values)


def _mapped(path: Path) -> NDArray[np.generic]:
    try:
        return np.asanyarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise unreadable(path.name, "it is no array of numbers as NumPy writes them, or it is cut off") from error
