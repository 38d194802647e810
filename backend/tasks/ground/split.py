"""Score map to objects: what is above the threshold, touching things told apart.

Things (houses, cars) touch: each peak of the smoothed logits is one. It reaches down to the threshold where it stands
alone, and to a little below the highest saddle where it touches another.
Stuff (water, vegetation) has no peaks that mean anything: its parts are what is connected. docs/grounding.md has the
figures this was chosen by.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .grow import spread, taps
from .quantise import Bytes, to_logits

Labels = NDArray[np.int32]
Floats = NDArray[np.float32]
FEWEST_CELLS = 2
"""Objects smaller than this many cells are noise of the score map."""
SMOOTHING, PEAK = 1.0, 1.0
"""Cells; logits: how high a peak rises above the saddle to the next to be one."""
SMOOTHING_OF_SMALL, PEAK_OF_SMALL, SMALL_M = 0.5, 0.2, 1.5
"""The same where cells are so many metres wide that a tree or a car is in a few of them, and its peak is low."""
BELOW, FLAT = 2.0, 1e-3
"""Logits: how far below the highest saddle a thing reaches; what is level."""


def split(logits: Bytes, least: int, cell: int, corner: tuple[int, int], things: bool, small: bool = False) -> Labels:
    """Return (rows, columns) of labels from 1 on, 0 none.

    Args:
        logits: bytes, 0 no data.
        least: the byte from which a pixel counts.
        cell: pixels a cell of the model's features.
        corner: column and row of the first pixel in the source, whose cells are counted from its corner.
        things: whether touching objects are told apart.
        small: whether things are only a few cells wide.
    """
    from scipy import ndimage

    mask = logits >= least
    if not mask.any():
        return np.zeros(mask.shape, np.int32)
    labels = _peaks(logits, mask, cell, corner, small) if things else np.asarray(ndimage.label(mask)[0], np.int32)
    return _without_small(labels, FEWEST_CELLS * cell * cell)


def _peaks(logits: Bytes, mask: NDArray[np.bool_], cell: int, corner: tuple[int, int], small: bool) -> Labels:
    """Return the things of `mask`: watershed of the smoothed logits from their peaks, cut off below the saddles."""
    from scipy import ndimage
    from skimage.morphology import reconstruction
    from skimage.segmentation import watershed

    left, top = corner[0] % cell, corner[1] % cell
    smoothing, peak = (SMOOTHING_OF_SMALL, PEAK_OF_SMALL) if small else (SMOOTHING, PEAK)
    values = _cells(to_logits(logits), cell, left, top)
    smooth = np.asarray(ndimage.gaussian_filter(values, smoothing), np.float32)
    inside = _cells(mask.astype(np.float32), cell, left, top) > 0
    lowered = reconstruction(smooth - peak, smooth)  # type: ignore[no-untyped-call]
    under = reconstruction(lowered - FLAT, lowered)  # type: ignore[no-untyped-call]
    peaks = (lowered - under > FLAT / 2) & inside  # flat tops, one a peak: where nothing near is higher
    basins = watershed(-smooth, ndimage.label(peaks)[0], mask=inside)  # type: ignore[no-untyped-call]
    rows, columns = (
        np.arange(first, first + side) // cell for first, side in ((top, mask.shape[0]), (left, mask.shape[1]))
    )
    labels: Labels = basins[np.ix_(rows, columns)].astype(np.int32)
    down = taps(top, mask.shape[0], cell, 0, smooth.shape[0])
    across = taps(left, mask.shape[1], cell, 0, smooth.shape[1])
    reaches = spread(smooth, down, across) >= (_saddles(smooth, basins) - BELOW)[labels]
    return np.where(mask & reaches, labels, 0).astype(np.int32)


def _saddles(heights: Floats, basins: NDArray[np.integer]) -> Floats:
    """Return for each label the height of its highest pass to another; minus infinity where it has none."""
    found = np.full(int(basins.max()) + 1, -np.inf, np.float32)
    for near, far in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        one, other = basins[near], basins[far]
        meet = (one != other) & (one > 0) & (other > 0)
        passes = np.minimum(heights[near], heights[far])[meet]
        np.maximum.at(found, one[meet], passes)
        np.maximum.at(found, other[meet], passes)
    return found


def _cells(values: Floats, cell: int, left: int, top: int) -> Floats:
    """Return means over cells; the first begins `left` and `top` pixels before the first pixel."""
    down, right = -(top + values.shape[0]) % cell, -(left + values.shape[1]) % cell
    padded = np.pad(values, ((top, down), (left, right)), "edge")
    shape = padded.shape[0] // cell, cell, padded.shape[1] // cell, cell
    return np.asarray(padded.reshape(shape).mean((1, 3)), np.float32)


def _without_small(labels: Labels, least: int) -> Labels:
    """Return `labels` renumbered, those of less than `least` pixels gone."""
    kept = np.bincount(labels.ravel()) >= least
    kept[0] = False
    return np.where(kept, np.cumsum(kept), 0).astype(np.int32)[labels]
