"""Moves an outline from superpixel borders to where, pixel by pixel, the colours of both sides meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .classic_features import Field
from .segmenter import Mask

BAND = 3
REACH = 9
MARGIN = 24


def refine(mask: Mask, lab: Field, fixed: Mask) -> NDArray[np.float32]:
    """Return logits (h, w): `mask` with a band around its outline decided anew by the local colours of its sides.

    `fixed` pixels (clicks) keep the side `mask` gives them.
    """
    logits = np.full(mask.shape, -8, np.float32)
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if not len(rows):
        return logits
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    part = np.s_[top : rows[-1] + MARGIN + 1, left : columns[-1] + MARGIN + 1]
    logits[part] = _decide(mask[part], lab[part], fixed[part])
    return logits


def _decide(mask: Mask, lab: Field, fixed: Mask) -> NDArray[np.float32]:
    inner = mask & ~ndimage.binary_erosion(mask, iterations=BAND, border_value=1)
    outer = ndimage.binary_dilation(mask, iterations=BAND) & ~mask
    band = (inner | outer) & ~fixed
    inside, outside = _local_mean(lab, mask), _local_mean(lab, ~mask)
    to_inside: Field = ((lab - inside) ** 2).sum(axis=-1)
    to_outside = ((lab - outside) ** 2).sum(axis=-1)
    vote = (to_outside - to_inside) / (to_inside + to_outside + 1.0)
    side = np.where(mask, np.float32(1), np.float32(-1))
    decided = np.where(band, 0.6 * vote + 0.4 * side, side)
    smooth = ndimage.gaussian_filter(decided, 1.0, truncate=2)
    return (4 * np.where(fixed, side, smooth)).astype(np.float32)


def _local_mean(lab: Field, where: Mask) -> Field:
    weight = where.astype(np.float32)
    total = ndimage.uniform_filter(lab * weight[..., None], (2 * REACH + 1, 2 * REACH + 1, 0))
    count = ndimage.uniform_filter(weight, 2 * REACH + 1)
    return np.asarray(total / np.maximum(count, 1e-4)[..., None], np.float32)
