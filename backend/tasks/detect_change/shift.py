"""How far two pictures of a place lie apart: phase correlation (Kuglin and Hines, 1975) in windows all over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sample import Both

Floats = NDArray[np.float64]

LEAST_PIXELS = 0.5
"""A shift below this is left as it is."""
NEAR = 1.0
"""Pixels from the median: a window within agrees with it."""
AGREED = 0.5
"""The share of windows that must agree."""
FARTHEST = 4
"""A window cannot tell shifts beyond this part of its side."""
KNOWN = 0.8
"""The part of a window that must have data."""
PARTS = 20
"""Of a pixel, to which a shift is found."""


@dataclass(frozen=True)
class Shift:
    """What was measured.

    Attributes:
        columns, rows: what lies at a pixel before is found so many pixels away after.
        agreement: the share of windows that say so.
        windows: how many there were.
        better: whether the pictures are more alike where they are moved so.
    """

    columns: float = 0.0
    rows: float = 0.0
    agreement: float = 0.0
    windows: int = 0
    better: bool = False

    @property
    def pixels(self) -> float:
        """Return the length of it."""
        return float(np.hypot(self.columns, self.rows))

    @property
    def consistent(self) -> bool:
        """Return whether the windows agree."""
        return self.windows > 0 and self.agreement >= AGREED

    @property
    def wanted(self) -> tuple[float, float]:
        """Return columns and rows by which the after picture is to be moved."""
        moves = self.consistent and self.better and self.pixels > LEAST_PIXELS
        return (self.columns, self.rows) if moves else (0.0, 0.0)


def measured(windows: Iterable[Both]) -> Shift:
    """Return the median shift of what is seen in `windows`, and how many of them agree with it."""
    found: list[tuple[float, float]] = []
    pairs: list[tuple[Floats, Floats]] = []
    for both in windows:
        if both.valid.mean() < KNOWN:
            continue
        one, other = (_edges(picture, both.valid) for picture in (both.before, both.after))
        if one.std() > 0 and other.std() > 0:
            pairs.append((one, other))
            found.append(_shift(one, other))
    if not found:
        return Shift()
    at = np.array(found)
    middle = np.median(at, 0)
    if not np.isfinite(middle).all():
        return Shift(windows=len(at))
    near = np.hypot(*(at - middle).T) <= NEAR
    if near.any():
        middle = at[near].mean(0)
    still, moved = (
        np.mean([_alike(one, other, place) for one, other in pairs]) for place in ((0.0, 0.0), (middle[0], middle[1]))
    )
    columns, rows = (round(float(value), 2) for value in middle)
    return Shift(columns, rows, round(float(near.mean()), 4), len(at), bool(moved > still))


def _edges(picture: NDArray[np.uint8], valid: NDArray[np.bool_]) -> Floats:
    """Return how steep a picture is (h, w): edges stay where they are when light and season change."""
    from scipy.ndimage import gaussian_gradient_magnitude

    grey = picture.mean(2)
    grey[~valid] = grey[valid].mean()
    steep: Floats = gaussian_gradient_magnitude(grey, 1.0)
    return steep


def _shift(one: Floats, other: Floats) -> tuple[float, float]:
    """Return columns and rows from what is seen in `one` to where it lies in `other`."""
    from skimage.registration import phase_cross_correlation

    window = np.outer(*(np.hanning(side) for side in one.shape))
    seen = [(values - values.mean()) * window for values in (one, other)]
    if not all(values.any() for values in seen):
        return float("inf"), float("inf")
    rows, columns = phase_cross_correlation(*seen, upsample_factor=PARTS, normalization=None)[0]  # type: ignore[no-untyped-call]
    farthest = min(one.shape) / FARTHEST
    if max(abs(rows), abs(columns)) > farthest:
        return float("inf"), float("inf")
    return -float(columns), -float(rows)


def _alike(one: Floats, other: Floats, shift: tuple[float, float]) -> float:
    """Return the correlation of `one` with `other` moved back by `shift`, without what lies near the borders."""
    from scipy.ndimage import shift as moved

    if not np.isfinite(shift).all():
        return -1.0
    back = moved(other, (-shift[1], -shift[0]), order=1, mode="nearest")
    inner = tuple(slice(side // 8, side - side // 8) for side in one.shape)
    a, b = one[inner], back[inner]
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0
