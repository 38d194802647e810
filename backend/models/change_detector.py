"""What finds change between two pictures of a place, and what there was and is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image, Mask

Floats = NDArray[np.float32]
ANY, BUILDING, NONE = "any", "building", "none"
"""Names of kinds of change: any at all; of buildings that come or go; no change."""


@dataclass(frozen=True)
class ChangeMaps:
    """Probabilities of each pixel.

    Attributes:
        change: (kinds, h, w); of several the first is none.
        before, after: (classes, h, w) of what there was and is; one class: that of an object.
    """

    change: Floats
    before: Floats
    after: Floats


class ChangeDetector(Protocol):
    """Compares pictures. Calls come from one thread only.

    Attributes:
        kinds: the names of what `ChangeMaps` tells of change: `ANY` or `BUILDING` of one map, of several `NONE` first.
        classes: the names of what it tells of before and after.
        input_size: side of the square pictures it is made for.
    """

    kinds: tuple[str, ...]
    classes: tuple[str, ...]
    input_size: int

    def detect(self, before: Image, after: Image, valid: Mask) -> ChangeMaps:
        """Return what changed between two pictures (h, w, 3) of one grid; `valid` (h, w) where both have data."""

    def close(self) -> None:
        """Free device memory."""
