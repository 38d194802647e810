"""Noise that belongs to places: the same seed gives the same noise at the same place, whatever window is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BLOCK = 64
CHANNELS = 3
MIDDLE = 2**31
"""Added to numbers of blocks, which may be negative, for keys that may not."""


@dataclass(frozen=True)
class Noise:
    """Normal noise over a plane without end; each `stage` of a cascade has its own."""

    seed: int
    stage: int = 0

    def window(self, col: int, row: int, width: int, height: int) -> Floats:
        """Return (3, height, width) for pixels from (`col`, `row`) on, which may be negative."""
        found = np.empty((CHANNELS, height, width), np.float32)
        for down in range(row // BLOCK, (row + height - 1) // BLOCK + 1):
            for across in range(col // BLOCK, (col + width - 1) // BLOCK + 1):
                top, left = down * BLOCK - row, across * BLOCK - col
                here = slice(max(top, 0), min(top + BLOCK, height)), slice(max(left, 0), min(left + BLOCK, width))
                part = slice(here[0].start - top, here[0].stop - top), slice(here[1].start - left, here[1].stop - left)
                found[:, here[0], here[1]] = self._block(across, down)[:, part[0], part[1]]
        return found

    def _block(self, across: int, down: int) -> Floats:
        drawn = np.random.Generator(
            np.random.Philox(np.random.SeedSequence([self.seed, self.stage, across + MIDDLE, down + MIDDLE]))
        )
        return drawn.standard_normal((CHANNELS, BLOCK, BLOCK), np.float32)
