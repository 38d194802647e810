"""Pixels that may not be there: a piece of a source without data is nothing, not an error."""

from __future__ import annotations

from typing import Protocol

from backend.errors import BadInput
from backend.geo.raster import Crop, Grid, Window
from backend.protocol import codes


class Pixels(Protocol):
    """A `SourceReader`, or what reads as one."""

    @property
    def grid(self) -> Grid:
        """Return the grid of its pixels."""

    def read(self, window: Window, step: int = 1) -> Crop:
        """Return a window. Raises NO_VALID_PIXELS where none of it is data."""


def read_data(reader: Pixels, window: Window, step: int = 1) -> Crop | None:
    """Return the pixels of `window` as `SourceReader.read` does, None where none is data; raises the rest it raises."""
    try:
        return reader.read(window, step)
    except BadInput as error:
        if error.code != codes.NO_VALID_PIXELS:
            raise
        return None
