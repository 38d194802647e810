"""Vectors on a grid: any raster whose bands are the numbers of a vector."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Grid, Window

from .identity import Identity

Floats = NDArray[np.float32]


class VectorField(Protocol):
    """An open raster of vectors, north up whatever the file is. Not thread-safe.

    Attributes:
        grid: of the vectors, one a cell.
        identity: what made them.
        name: of the layer, for messages and records.
        stretch: how the picture was brought to 8 bit (`stretched`); empty where it was not, or the file does not say.
        fingerprint: tells this content from any other; hashable.
    """

    grid: Grid
    identity: Identity
    name: str
    stretch: str
    fingerprint: tuple[object, ...]

    def read(self, window: Window, step: int = 1) -> Floats:
        """Return (width, rows, columns) of unit vectors, a mean of every `step` x `step` cells; NaN is no data.

        The last row and column of cells may be partial; cells without data count for nothing. Overviews serve, which is
        much faster, where `step` is even and the window begins and ends on multiples of it, or at the grid's edge.

        Raises:
            BadInput: SOURCE_UNREADABLE, SOURCE_CHANGED. A window without data is no error: it is all NaN.
        """

    def close(self) -> None:
        """Close the file."""

    def __enter__(self) -> VectorField:
        """Return this."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
