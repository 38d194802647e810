"""Pixels that may not be there: a piece of a source without data is nothing, not an error."""

from __future__ import annotations

from backend.errors import BadInput
from backend.geo.raster import Crop, Window
from backend.geo.reader import SourceReader
from backend.protocol import codes


def read_data(reader: SourceReader, window: Window, step: int = 1) -> Crop | None:
    """Return the pixels of `window` as `SourceReader.read` does, None where none is data; raises the rest it raises."""
    try:
        return reader.read(window, step)
    except BadInput as error:
        if error.code != codes.NO_VALID_PIXELS:
            raise
        return None
