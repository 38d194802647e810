"""What a unit shows at a threshold: its class map and its best phrase, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from backend.geo.access import gdal_environment

from .parameters import AUTO
from .quantise import NO_DATA, SCORES, STEPS, least_logit
from .units import writing


@dataclass
class Tally:
    """Sums over pixels; index i is the i-th phrase from 0.

    Attributes:
        known: pixels of the area with data.
        area_m2: of those; 0 where the ground size is unknown.
        counts, areas, scores: pixels, square metres and the sum of scores where a phrase is the answer.
        best: the highest score byte of each phrase.
    """

    known: int
    area_m2: float
    counts: NDArray[np.int64]
    areas: NDArray[np.float64]
    scores: NDArray[np.float64]
    best: NDArray[np.int64]

    @classmethod
    def empty(cls, phrases: int) -> Tally:
        """Return a tally of nothing."""
        sums = np.zeros(phrases)
        return cls(0, 0.0, np.zeros(phrases, np.int64), sums, sums.copy(), np.zeros(phrases, np.int64))

    def add(self, other: Tally) -> None:
        """Add another part."""
        self.known += other.known
        self.area_m2 += other.area_m2
        self.counts += other.counts
        self.areas += other.areas
        self.scores += other.scores
        self.best = np.maximum(self.best, other.best)


def show_unit(unit: Path, classes: Path, best: Path, background: str, threshold: float, pixel_m2: float) -> Tally:
    """Write a finished unit's class map and best phrase with its score, and return what they add up to."""
    with gdal_environment(), rasterio.open(unit) as dataset:
        phrases = dataset.count - 1
        index = dataset.read(phrases + 1)
        top = np.zeros(index.shape, np.uint8)
        tally = Tally.empty(phrases)
        for band in range(phrases):
            logits = dataset.read(band + 1)
            mine = index == band + 1
            top[mine] = logits[mine]
            tally.best[band] = SCORES[logits.max()] if logits.any() else 0
    shown = np.where(top >= least_logit(threshold), index, 0) if background == AUTO else index
    scores = SCORES[top]
    tally.known = int((index > 0).sum())
    tally.area_m2 = tally.known * pixel_m2
    tally.counts += np.bincount(shown.ravel(), minlength=phrases + 1)[1:]
    tally.areas += tally.counts * pixel_m2
    tally.scores += np.bincount(shown.ravel(), weights=scores.ravel() / STEPS, minlength=phrases + 1)[1:]
    with writing(classes, 1, index.shape) as dataset:
        dataset.write(shown, 1)
    with writing(best, 2, index.shape) as dataset:
        dataset.write(index, 1)
        dataset.write(np.where(index > 0, scores, NO_DATA), 2)
    return tally
