"""What all methods share: a picture of both dates in, maps of change out, in angles or in probabilities."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.models.segmenter import Mask

from .pair import Both

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

STEPS, NO_DATA = 250, 255
"""A probability is its byte / STEPS."""
PER_DEGREE = 2.0
"""An angle is its byte / PER_DEGREE; what is beyond 125 degrees is kept as that."""


class Method(Protocol):
    """A way to find change."""

    @property
    def size(self) -> int:
        """Return the side of the tiles it looks at, in pixels."""

    @property
    def stride(self) -> int:
        """Return the pixels a cell of its maps."""

    @property
    def angles(self) -> bool:
        """Return whether its first map is an angle in degrees, brought to a probability once all are known."""

    @property
    def blank(self) -> bool:
        """Return whether an angle of 0 stands for nothing seen rather than for no change."""

    @property
    def kind(self) -> str:
        """Return what its first map is a change of: anything, or a class that comes or goes."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of what the maps after the first tell, in this order for before and again for after."""

    @property
    def known(self) -> Hashable:
        """Return what makes it answer as it does, beside its model."""

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return (1 + 2 x classes, rows, columns) of a picture (h, w, 6) of both dates."""


def to_bytes(values: Floats, angles: bool) -> Bytes:
    """Return degrees or probabilities as bytes from 0 to `STEPS`."""
    scaled = values * (PER_DEGREE if angles else STEPS)
    return np.asarray(np.clip(np.rint(scaled), 0, STEPS), np.uint8)


def angle(one: Floats, other: Floats) -> Floats:
    """Return the degrees between vectors (width, ...) and (width, ...), of any length but 0."""
    lengths = np.linalg.norm(one, axis=0) * np.linalg.norm(other, axis=0)
    cosine = (one * other).sum(0) / np.maximum(lengths, 1e-12)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))), np.float32)


def averaged(maps: Floats, stride: int) -> Floats:
    """Return means of `stride` x `stride` pixels of (maps, h, w); the last ones may be partial."""
    rows, columns = (np.arange(0, side, stride) for side in maps.shape[1:])
    sums = np.add.reduceat(np.add.reduceat(maps, rows, axis=1), columns, axis=2)
    heights, widths = (np.diff([*starts, side]) for starts, side in zip((rows, columns), maps.shape[1:], strict=True))
    return np.asarray(sums / (heights[:, None] * widths), np.float32)
