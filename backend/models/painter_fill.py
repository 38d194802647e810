"""What the change painter is shown of a picture: all but what is to be painted, which is filled from around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
CLASSES = 9
EXTRA = CLASSES + 1 + 3
"""Maps of `shown`: shares of classes, what is painted, and what is known of the picture."""
COARSE = 4
LACKING = np.array([[0.83, 0.83, 0.83], [7, 0, -7], [-8, 16, -8]], np.float32)
"""Of what a smooth fill lacks in red, green and blue: brightness and two colours, each with a variance near that of
noise. Colours of imagery vary far less than brightness; told so, a small network paints no coloured speckle."""
COLOURS = np.linalg.inv(LACKING).astype(np.float32)


def lacking(pictures: Floats, enlarged: Floats) -> Floats:
    """Return what smooth fills, enlarged, lack of pictures (n, 3, h, w): brightness and two colours."""
    return np.asarray(np.einsum("ij,njhw->nihw", LACKING, pictures - enlarged), np.float32)


def whole(found: Floats, enlarged: Floats) -> Floats:
    """Return the pictures (n, 3, h, w) of which `enlarged` fills lack what was `found`: undoes `lacking`."""
    return np.asarray(enlarged + np.einsum("ij,njhw->nihw", COLOURS, found), np.float32)


def filled(pictures: Floats, painted: Flags) -> Floats:
    """Return pictures (n, 3, h, w) four times coarser; what is `painted` (n, h, w) takes no part, and is filled.

    Push and pull: cells without a known pixel get the mean of what is known in ever larger cells. Nothing known is 0.
    """
    weights = (~painted[:, None]).astype(np.float32)
    sums = _summed(np.concatenate([pictures * weights, weights], 1), COARSE)
    rows, columns = sums.shape[2:]
    side = 1 << (max(rows, columns) - 1).bit_length()
    known = np.pad(sums / np.float32(COARSE**2), ((0, 0), (0, 0), (0, side - rows), (0, side - columns)))
    return np.ascontiguousarray(_pulled(known)[:, :, :rows, :columns])


def shown(pictures: Floats, painted: Flags, shares: Floats, enlarged: Floats) -> Floats:
    """Return the further maps (n, 13, h, w): shares of classes (n, 9, h, w), what is painted, the known rest."""
    hidden = painted[:, None]
    known = np.where(hidden, 0, lacking(pictures, enlarged))
    return np.concatenate([shares, hidden, known], 1).astype(np.float32)


def _pulled(known: Floats) -> Floats:
    """Return means (n, 3, side, side) of sums and their weights (n, 4, side, side)."""
    sums, weights = known[:, :-1], known[:, -1:]
    own = sums / np.maximum(weights, 1e-6)
    if known.shape[-1] == 1:
        return np.asarray(own, np.float32)
    coarser = _twice(_twice(_pulled(_summed(known, 2) / np.float32(4))).swapaxes(2, 3)).swapaxes(2, 3)
    trust = np.minimum(1, 4 * weights)
    return np.asarray(trust * own + (1 - trust) * coarser, np.float32)


def _summed(maps: Floats, side: int) -> Floats:
    count, channels, rows, columns = maps.shape
    cells = maps.reshape(count, channels, rows // side, side, columns // side, side)
    return np.asarray(cells.sum((3, 5)), np.float32)


def _twice(maps: Floats) -> Floats:
    """Return maps with twice as many columns, linear between their middles."""
    before = np.concatenate([maps[..., :1], maps[..., :-1]], -1)
    after = np.concatenate([maps[..., 1:], maps[..., -1:]], -1)
    both = np.stack([0.75 * maps + 0.25 * before, 0.75 * maps + 0.25 * after], -1)
    return np.asarray(both.reshape(*maps.shape[:-1], 2 * maps.shape[-1]), np.float32)
