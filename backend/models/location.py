"""The interface of everything that turns a place, without an image of it, into a vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
CHUNK = 4096
"""Places at once: 1600 harmonics of so many take 50 MB."""


class LocationEncoder(Protocol):
    """A loaded location encoder. Calls come from one thread only; equal places have equal vectors.

    Attributes:
        width: numbers in a vector.
    """

    width: int

    def encode(self, places: Doubles) -> Doubles:
        """Return (n, width) for `places` (n, 2): longitude and latitude in degrees, WGS 84, in this order.

        The vectors are not of unit length.
        """

    def close(self) -> None:
        """Free memory."""


class PictureEncoder(Protocol):
    """A location encoder that can also say what a picture of a place is like."""

    bands: tuple[str, ...]

    def picture(self, bands: NDArray[np.float32]) -> Doubles:
        """Return the vector (width,) of a Sentinel-2 picture, reflectances (len(bands), rows, columns)."""


def in_chunks(encode: Callable[[Doubles], Doubles], places: Doubles, width: int) -> Doubles:
    """Return what `encode` makes of `places`, a bounded number at a time."""
    found = np.empty((len(places), width))
    for start in range(0, len(places), CHUNK):
        found[start : start + CHUNK] = encode(places[start : start + CHUNK])
    return found
