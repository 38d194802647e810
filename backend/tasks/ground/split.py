"""Score map to objects: what is above the threshold, touching objects told apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .quantise import Bytes

Labels = NDArray[np.int32]
FEWEST_CELLS = 4
"""Objects smaller than this many cells are noise of the score map."""


def split(logits: Bytes, least: int, cell: int, corner: tuple[int, int]) -> Labels:
    """Return (rows, columns) of labels from 1 on, 0 none.

    Args:
        logits: bytes, 0 no data.
        least: the byte from which a pixel counts.
        cell: pixels a cell of the model's features.
        corner: column and row of the first pixel in the source, whose cells are counted from its corner.
    """
    from scipy import ndimage

    mask = logits >= least
    if not mask.any():
        return np.zeros(mask.shape, np.int32)
    labels, count = ndimage.label(mask)
    return _without_small(np.asarray(labels, np.int32), count, FEWEST_CELLS * cell * cell)


def _without_small(labels: Labels, count: int, least: int) -> Labels:
    """Return `labels` renumbered, those of less than `least` pixels gone."""
    kept = np.bincount(labels.ravel(), minlength=count + 1) >= least
    kept[0] = False
    return np.where(kept, np.cumsum(kept), 0).astype(np.int32)[labels]
