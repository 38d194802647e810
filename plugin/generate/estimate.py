"""How large a generated region becomes, and how long it takes: told before it is begun."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Tuple

WINDOW = 128
"""Pixels along the side of what one window of the network adds to the result."""
SECONDS = 0.25
"""Of a window and step on an ordinary processor, until a run has told it of this machine."""
FILE_BYTES, WORK_BYTES, TILE_BYTES = 3, 8, 2
"""Of a pixel of any level in its file, and at most on disk while the region is made, as the backend reckons; tiles."""
LEVEL = 4


@dataclass(frozen=True)
class Estimate:
    """A region before it is made: pixels of the result, bytes, seconds; `metres` of its pixel, 0 where unknown."""

    scale: int
    width: int
    height: int
    metres: float
    file_bytes: float
    work_bytes: float
    seconds: float

    @property
    def metres_before(self) -> float:
        """Return the pixel of what it is made from."""
        return self.metres * self.scale


def levels(scale: int) -> Tuple[int, ...]:
    """Return the scale of every level up to the last: 4, 16 for 16."""
    return tuple(LEVEL**power for power in range(1, round(math.log(scale, LEVEL)) + 1))


def window_steps(width: float, height: float, scale: int, steps: int) -> float:
    """Return how often the network is called for `width` x `height` pixels of the source, as far as can be known."""
    windows = sum((width * level / WINDOW + 1) * (height * level / WINDOW + 1) for level in levels(scale))
    return windows * steps


def estimate(
    width: float, height: float, scale: int, steps: int, metres: float, rate: float, tiled: bool = False
) -> Estimate:
    """Return what comes of `width` x `height` pixels of a source whose pixels are `metres` wide.

    `rate` is the seconds of a window and step, 0 where no run has told it.
    """
    pixels = sum(width * height * level**2 for level in levels(scale))
    return Estimate(
        scale,
        round(width * scale),
        round(height * scale),
        metres / scale,
        pixels * FILE_BYTES,
        pixels * WORK_BYTES + tiled * TILE_BYTES * width * height * scale**2,
        window_steps(width, height, scale, steps) * (rate or SECONDS),
    )
