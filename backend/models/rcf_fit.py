"""What RCF learns from a sample of a source: bands' statistics, kernels, PCA."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from backend.errors import BadInput
from backend.one_thread import one_thread
from backend.protocol import codes

from .rcf_features import SIDE, Floats, Mask, blocks_of, normal_kernels, of_each, patch_kernels, patches_of
from .rcf_state import State, standardised

SMALLEST = 4
"""Side of a block at least, in pixels."""
FITTED_TO = 2048
"""Blocks that the PCA is fitted to, drawn from those of the sample."""
ENOUGH = 4
"""Blocks a number of the PCA: where there are fewer, it is fitted to smaller ones."""

Sample = list[tuple[Floats, Mask]]


def middles(windows: Iterable[tuple[NDArray[Any], Mask]], side: int) -> Sample:
    """Return the middles of windows, at most `side` wide and high, without those that hold no data.

    Raises:
        BadInput: NO_VALID_PIXELS where all are.
    """
    found = []
    for values, valid in windows:
        starts = [max(0, length - side) // 2 for length in valid.shape]
        place = tuple(slice(start, start + side) for start in starts)
        if valid[place].any():
            found.append((np.asarray(values[:, *place], np.float32), valid[place]))
    if not found:
        raise BadInput(codes.NO_VALID_PIXELS, "The sample of the source has no data anywhere; take another source.")
    return found


def fit(sample: Sample, count: int, of_images: bool, numbers: int, block: int, seed: int) -> State:
    """Return RCF with `count` kernels, patches of the images or of a normal distribution.

    Raises:
        BadInput: NO_VALID_PIXELS where no patch is whole, PARAMETER_INVALID for more numbers than there are blocks.
    """
    drawn = np.random.default_rng(seed)
    mean, scale = _statistics(sample)
    sample = [(standardised(values, valid, mean, scale), valid) for values, valid in sample]
    bands = len(sample[0][0])
    kernels = _patches(sample, count, drawn) if of_images else normal_kernels(count, bands, drawn)
    side = _side(sample, block, ENOUGH * numbers)
    centre, components = _pca(_features(sample, kernels, side, drawn), numbers)
    return State(mean, scale, kernels, centre, components, block)


def _statistics(sample: Sample) -> tuple[Floats, Floats]:
    """Return the mean of each band (bands,), and what brings its variance to 1; 0 for a band that is all alike."""
    pixels = np.concatenate([values[:, valid] for values, valid in sample], 1, dtype=np.float64)
    spread = pixels.std(1)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    return pixels.mean(1).astype(np.float32), scale.astype(np.float32)


def _patches(sample: Sample, count: int, drawn: np.random.Generator) -> Floats:
    """Return kernels made of at most `count` patches, as many from each window, all of them of data."""
    share = -(-count // len(sample))
    found = np.concatenate([_some(_whole_patches(values, valid), share, drawn) for values, valid in sample])
    if not len(found):
        detail = "The source's data are too thin to draw patches of 3 x 3 pixels from; take another source."
        raise BadInput(codes.NO_VALID_PIXELS, detail)
    return patch_kernels(_some(found, count, drawn))


def _whole_patches(values: Floats, valid: Mask) -> Floats:
    if min(valid.shape) < SIDE:
        return np.empty((0, len(values) * SIDE * SIDE), np.float32)
    whole = np.lib.stride_tricks.sliding_window_view(valid, (SIDE, SIDE)).all((2, 3)).ravel()
    return np.asarray(patches_of(values[None])[0][whole])


def _side(sample: Sample, block: int, enough: int) -> int:
    """Return `block`, halved until the sample has `enough` of that side or they would hold too few patches."""
    while block >= 2 * SMALLEST and sum(np.prod([n // block for n in valid.shape]) for _, valid in sample) < enough:
        block //= 2
    return block


def _features(sample: Sample, kernels: Floats, block: int, drawn: np.random.Generator) -> Floats:
    """Return (n, features) of at most `FITTED_TO` blocks, drawn from all that hold data."""
    places = np.concatenate([blocks_of(values, block) for values, _ in sample])
    seen = np.concatenate([blocks_of(valid[None], block)[:, 0] for _, valid in sample])
    there = np.flatnonzero(seen[:, 1:-1, 1:-1].any((1, 2)))
    chosen = np.sort(drawn.choice(there, min(FITTED_TO, len(there)), replace=False))
    return of_each(places[chosen], seen[chosen], kernels)


def _pca(features: Floats, numbers: int) -> tuple[Floats, Floats]:
    """Return the centre (features,), and components (numbers, features) of variance 1 each."""
    if numbers >= len(features):
        detail = f"The source has {len(features)} blocks to learn from, too few for {numbers} numbers a vector; "
        raise BadInput(codes.PARAMETER_INVALID, f"{detail}ask for fewer numbers or smaller blocks.")
    with one_thread():
        pca = PCA(numbers, svd_solver="randomized", random_state=0).fit(features)
    scale = 1 / np.sqrt(np.maximum(pca.explained_variance_, 1e-12))
    return np.asarray(pca.mean_, np.float32), np.asarray(pca.components_ * scale[:, None], np.float32)


def _some(rows: Floats, most: int, drawn: np.random.Generator) -> Floats:
    return rows[np.sort(drawn.choice(len(rows), most, replace=False))] if len(rows) > most else rows
