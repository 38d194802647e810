"""What paints the picture after a change."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image

Labels = NDArray[np.integer]


class ChangePainter(Protocol):
    """Paints what changed into a picture. Calls come from one thread only.

    Attributes:
        classes: the names of the values it understands; empty for objects of one kind, 1 where there are any.
        side_of: sides of pictures are multiples of this.
    """

    classes: tuple[str, ...]
    side_of: int

    def after(self, picture: Image, before: Labels, after: Labels, seed: int) -> Image:
        """Return the picture (h, w, 3) when its labels (h, w) have become others; pixels of the same class stay."""

    def close(self) -> None:
        """Free device memory."""
