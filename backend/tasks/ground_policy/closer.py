"""Where to look closer: what a coarse look finds relevant, tile by tile (GeoMag's prompt-guided cropping).

A tile is decided by its place alone, so that a place is read the same way whatever area is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .windows import Box, top_boxes, window_scores

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Closeness:
    """What asks for a closer look.

    Attributes:
        least: mean relevance of a window from which it does.
        across: side of these windows, in cells of the coarse look.
        say: a tile is read for a window in whose middle it makes at least this share of the blended answer.
    """

    least: float = 0.5
    across: int = 2
    say: float = 0.25


def is_relevant(relevance: Floats, share: Floats, side: int, how: Closeness) -> bool:
    """Return whether a tile is worth a closer look.

    Args:
        relevance: (rows, columns) of the tile's cells.
        share: of the same shape, how much the tile says where it overlaps others, 0 to 1.
        side: of the windows whose means count, in these cells.
        how: see there.
    """
    rows, columns = (min(side, length) for length in relevance.shape)
    means = window_scores(relevance, (rows, columns), 1)[0]
    middles = share[rows // 2 :, columns // 2 :][: means.shape[0], : means.shape[1]]
    return bool((means[middles >= how.say] >= how.least).any())


CROP, STRIDE, MOST = 32, 8, 3
"""GeoMag's boxes: their side and how far apart they start, in cells of the relevance map, and how many."""


def crops(relevance: Floats, how: Closeness) -> list[Box]:
    """Return where a map (rows, columns) of the coarse look is most relevant, the most so first."""
    return top_boxes(relevance, CROP, STRIDE, MOST, how.least)
