"""What an embedder sees of a source: as it is shown, or bands as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.bands import BandReader
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.embedder import Picture
from backend.protocol import codes

Reader = SourceReader | BandReader


@dataclass(frozen=True)
class Seen:
    """A window: uint8 (rows, columns, 3) or float32 (bands, rows, columns), and which pixels are data."""

    image: Picture
    valid: NDArray[np.bool_]


class Pixels(Protocol):
    """Whatever has windows to be seen."""

    def read(self, window: Window) -> Seen | None:
        """Return a window, None where it has no data."""


class SourcePixels:
    """Implements `Pixels` for a reader; raises what that raises."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, window: Window) -> Seen | None:
        """Return a window."""
        try:
            if isinstance(self._reader, BandReader):
                bands = self._reader.read(window)
                return Seen(bands.values, bands.valid)
            crop = self._reader.read(window)
            return Seen(crop.image, crop.valid)
        except BadInput as error:
            if error.code != codes.NO_VALID_PIXELS:
                raise
            return None
