"""What paints the picture after a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image

Labels = NDArray[np.integer]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Place:
    """Where a picture lies and how it is painted.

    Attributes:
        seed: the same seed at the same place gives the same picture.
        col, row: the first pixel, which may be negative, in pixels of the source.
        metres: width of a pixel on the ground.
        steps: of the sampler.
    """

    seed: int
    col: int
    row: int
    metres: float
    steps: int


class ChangePainter(Protocol):
    """Paints what changed into a picture. Calls come from one thread only.

    Attributes:
        classes: the names of the values it understands; empty for objects of one kind, 1 where there are any.
        side_of: sides of pictures are multiples of this.
        input_size: the side of pictures that suits it.
    """

    classes: tuple[str, ...]
    side_of: int
    input_size: int

    def after(self, picture: Image, before: Labels, after: Labels, painted: Flags, place: Place) -> Image:
        """Return the picture (h, w, 3) when its labels (h, w) have become others; what is not `painted` (h, w) stays.

        All that changed is painted; around it may be more, whose labels are the same before and after.
        """

    def close(self) -> None:
        """Free device memory."""
