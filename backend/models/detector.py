"""The interface of models that find the objects phrases name as boxes, some with masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image, Mask


@dataclass(frozen=True)
class Detection:
    """One object found in a picture.

    Attributes:
        phrase: index into the phrases that were asked for.
        score: 0 to 1.
        box: (4,) float32 x0, y0, x1, y1 in pixels of the picture, within it.
        mask: (height, width) of the whole picture, or None where the model only gives boxes.
    """

    phrase: int
    score: float
    box: NDArray[np.float32]
    mask: Mask | None = None


class Detector(Protocol):
    """A loaded detector. Calls come from one thread only."""

    input_size: int

    def detect(self, image: Image, valid: Mask, phrases: list[str]) -> list[Detection]:
        """Return what is found in a picture (height, width, 3) of at most `input_size` a side, best first.

        Everything the model gives at all is returned, from a low score on: the threshold is the caller's.
        """

    def close(self) -> None:
        """Free device memory."""
