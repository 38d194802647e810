"""Random convolutional features, pooled: Rolf et al., Nature Communications 2021 (MOSAIKS; Rahimi and Recht, 2008).

3 x 3 kernels without padding, a bias, the positive and the negative part of each response, their mean over a place.
Each place is seen alone, so that the vector of a block does not depend on what lies around it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.memory import threads
from backend.one_thread import one_thread

SIDE = 3
BIAS = -1.0
ZCA_FLOOR = 1e-3
AT_ONCE, IN_CACHE = 64, 512
"""Pictures a thread takes at a time; places whose responses are held at a time."""

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def normal_kernels(count: int, bands: int, drawn: np.random.Generator) -> Floats:
    """Return (count, bands * 9) of a standard normal distribution."""
    return drawn.standard_normal((count, bands * SIDE * SIDE), np.float32)


def patch_kernels(patches: Floats) -> Floats:
    """Return kernels (n, bands * 9) of patches of the images themselves, whitened (ZCA) as MOSAIKS has it.

    The whitening stands twice in it: the patch is whitened, and so is what it is compared with.
    """
    centred = patches.astype(np.float64) - patches.mean(1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.where(lengths > 1e-8, lengths, 1)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    whitening = (axes / (np.maximum(spread, 0) + ZCA_FLOOR)) @ axes.T
    return np.asarray(centred @ whitening, np.float32)


def of_blocks(values: Floats, valid: Mask, kernels: Floats, block: int) -> Floats:
    """Return (rows, columns, 2 n): the features of each block of pixels of (bands, h, w), edges repeated.

    Pixels that are not `valid` count for nothing but as neighbours, as 0; a block without any is all 0.
    """
    height, width = valid.shape
    rows, columns = -(-height // block), -(-width // block)
    edges = (0, rows * block - height), (0, columns * block - width)
    whole, known = np.pad(values, ((0, 0), *edges), "edge"), np.pad(valid, edges, "edge")[None]
    return of_each(blocks_of(whole, block), blocks_of(known, block)[:, 0], kernels).reshape(rows, columns, -1)


def blocks_of(values: NDArray[Any], block: int) -> NDArray[Any]:
    """Return the whole blocks of (bands, rows, columns), row by row, as (n, bands, block, block)."""
    rows, columns = (length // block for length in values.shape[1:])
    cut = values[:, : rows * block, : columns * block].reshape(len(values), rows, block, columns, block)
    return cut.transpose(1, 3, 0, 2, 4).reshape(-1, len(values), block, block)


def of_each(values: Floats, valid: Mask, kernels: Floats) -> Floats:
    """Return the features (n, 2 kernels) of pictures (n, bands, h, w)."""
    parts = [np.s_[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]
    with one_thread(), ThreadPoolExecutor(threads()) as pool:
        found = pool.map(lambda part: _pooled(values[part], valid[part], kernels)[0], parts)
        return np.concatenate([np.empty((0, 2 * len(kernels)), np.float32), *found])


def of_picture(values: Floats, valid: Mask, kernels: Floats) -> Floats:
    """Return the features (2 n,) of a whole picture (bands, h, w) of at least 3 x 3 pixels."""
    strips = np.lib.stride_tricks.sliding_window_view(values, SIDE, 1).transpose(1, 0, 3, 2)
    known = np.lib.stride_tricks.sliding_window_view(valid, SIDE, 0).transpose(0, 2, 1)
    with one_thread():
        found, counts = _pooled(strips, known, kernels)
    return np.asarray(counts @ found / max(counts.sum(), 1), np.float32)


def patches_of(values: Floats) -> Floats:
    """Return every patch of pictures (n, bands, h, w) as (n, (h - 2) (w - 2), bands * 9)."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (SIDE, SIDE), (2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(len(values), -1, values.shape[1] * SIDE * SIDE)


def _pooled(values: Floats, valid: Mask, kernels: Floats) -> tuple[Floats, Floats]:
    """Return features (n, 2 kernels) of pictures (n, bands, h, w) and how many patches each is the mean of."""
    patches = patches_of(np.where(valid[:, None], values, 0))
    weights = valid[:, 1:-1, 1:-1].reshape(len(values), -1, 1).astype(np.float32)
    counts = weights.sum(1)
    weights /= np.maximum(counts[:, None], 1)
    positive = np.empty((len(values), len(kernels)), np.float32)
    turned = np.ascontiguousarray(kernels.T)
    step = max(1, IN_CACHE // patches.shape[1])
    for start in range(0, len(values), step):
        part = np.s_[start : start + step]
        responses = patches[part] @ turned + np.float32(BIAS)
        np.maximum(responses, 0, out=responses)
        positive[part] = (weights[part].transpose(0, 2, 1) @ responses)[:, 0]
    mean = (weights.transpose(0, 2, 1) @ patches)[:, 0] @ turned + np.float32(BIAS) * (counts > 0)
    return np.concatenate([positive, positive - mean], 1), counts[:, 0]
