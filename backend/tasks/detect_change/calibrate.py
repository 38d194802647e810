"""Angles to probabilities: what is far from what most places show, as a logistic curve over all of the area.

The curve is 0.5 at Otsu's threshold where that parts two heaps of angles; where all are one heap, at `FAR` robust
standard deviations beyond the median if that is more: of normal angles without any change 7 % lie beyond. It is
`UNCHANGED` at the median. It ranks places and makes a threshold of 0.5 reasonable where less than half of the area
changed; it was not fitted to any truth, so 0.8 does not mean that eight of ten such places changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .method import PER_DEGREE, STEPS

Counts = NDArray[np.int64]

FAR = 1.5
UNCHANGED = 0.05
TWO_HEAPS = 0.7
"""Separability (Otsu's own measure) from which angles are two heaps: of one normal heap it is 2 / pi, 0.64."""
LEAST_DEGREES = 5.0
"""Beyond the median, at which the curve may be 0.5 at least: pictures that agree throughout hold no change."""


@dataclass(frozen=True)
class Curve:
    """A logistic curve over angles in degrees: 0.5 at `middle`, `UNCHANGED` at `usual`."""

    usual: float
    middle: float

    def probability(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of angles."""
        slope = np.log(1 / UNCHANGED - 1) / (self.middle - self.usual)
        return np.asarray(1 / (1 + np.exp(np.clip(-slope * (degrees - self.middle), -50, 50))))

    def table(self) -> list[int]:
        """Return the byte of a probability for each byte of an angle; what is no angle is as it is."""
        found = self.probability(np.arange(STEPS + 1) / PER_DEGREE) * STEPS
        return [*(int(value) for value in np.rint(found)), *range(STEPS + 1, 256)]


PLAIN = list(range(256))
"""The table of what are probabilities already."""


def curve_of(counts: Counts) -> Curve:
    """Return the curve for so many places of each byte of an angle (`STEPS` + 1,); at least one is counted."""
    from skimage.filters import threshold_otsu

    degrees = np.arange(len(counts)) / PER_DEGREE
    usual = _median(counts, degrees)
    several = np.count_nonzero(counts) > 1
    middle = float(threshold_otsu(hist=(counts, degrees))) if several else usual  # type: ignore[no-untyped-call]
    if separability(counts, degrees, middle) < TWO_HEAPS:
        middle = max(middle, usual + FAR * 1.4826 * _median(counts, np.abs(degrees - usual)))
    return Curve(usual, max(middle, usual + LEAST_DEGREES))


def separability(counts: Counts, values: NDArray[np.float64], threshold: float) -> float:
    """Return which part of the variance of `values` lies between those up to `threshold` and those beyond."""
    mean = np.average(values, weights=counts)
    variance = np.average((values - mean) ** 2, weights=counts)
    low = values <= threshold
    heaps = [(counts[part].sum(), part) for part in (low, ~low) if counts[part].any()]
    between = sum(count * (np.average(values[part], weights=counts[part]) - mean) ** 2 for count, part in heaps)
    return float(between / counts.sum() / variance) if variance else 0.0


def _median(counts: Counts, values: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order])
    return float(values[order[np.searchsorted(reached, reached[-1] / 2)]])
