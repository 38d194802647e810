"""Many clicks on one crop, each for an object of its own: a grid of points, as automatic mask generators set it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .segmenter import CropPrompts, Decoded, Segmenter

CLICK = np.ones(1, np.int32)


@runtime_checkable
class ManyPoints(Protocol):
    """A `Segmenter` that has a faster way to answer single clicks than one `decode` after another."""

    def decode_points(self, embedding: Any, points: NDArray[np.float32]) -> Iterator[Decoded]:
        """Yield one answer, without a memory, for each of `points` (n, 2) x, y in crop pixels, in their order."""


def each_point(segmenter: Segmenter, embedding: Any, points: NDArray[np.float32]) -> Iterator[Decoded]:
    """Yield the answer of `segmenter` to a click on each of `points` (n, 2) x, y in crop pixels."""
    if isinstance(segmenter, ManyPoints):
        yield from segmenter.decode_points(embedding, points)
        return
    for point in points:
        yield segmenter.decode(embedding, click(point))


def click(point: NDArray[np.float32]) -> CropPrompts:
    """Return one positive click at a place (2,) x, y in crop pixels."""
    return CropPrompts(np.asarray(point, np.float32)[None], CLICK)
