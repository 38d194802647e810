"""An answer as an image of bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.protocol.asks import NO_DATA, View
from backend.protocol.prompts import Box


@dataclass(frozen=True)
class Picture:
    """Bytes (rows, columns) of the places in `extent`, north up."""

    image: NDArray[np.uint8]
    extent: Box

    @property
    def size(self) -> tuple[int, int]:
        """Return columns and rows."""
        return self.image.shape[1], self.image.shape[0]


def nothing(view: View) -> Picture:
    """Return the answer to a view beside all vectors: one place without any."""
    return Picture(np.full((1, 1), NO_DATA, np.uint8), view.extent)
