"""The superpixel graph of `classic`: regions, their features, and the borders between neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import watershed

from .classic_features import Features, Field
from .segmenter import Mask

Integers = NDArray[np.int32]
Vector = NDArray[np.float64]
SPACING = 8
COMPACTNESS = 0.0005
CLUSTERS = 48
ROUNDS = 8
KERNEL = 7.0


@dataclass(frozen=True)
class Graph:
    """Superpixels (n) and the borders (m) where two of them touch.

    Attributes:
        labels: (h, w) int32, the superpixel of each pixel, 0 to n - 1.
        area, valid: (n,) pixels, and the share of them that are data.
        centre: (n, 2) x, y.
        feature: (n, 5) mean Lab and texture.
        palette: (n, k) soft membership in the crop's k typical appearances; rows sum to 1.
        left, right, length: (m,) the two superpixels of a border and its length in pixels.
        contrast: (m,) how different the two sides are, in units of the crop's median border.
    """

    labels: Integers
    area: Vector
    valid: Vector
    centre: NDArray[np.float64]
    feature: NDArray[np.float64]
    palette: NDArray[np.float64]
    left: Integers
    right: Integers
    length: Vector
    contrast: Vector


def build(found: Features, valid: Mask) -> Graph:
    """Over-segment by a watershed of the edge strength from a grid of markers, and measure regions and borders."""
    labels = _superpixels(found.edge)
    flat = labels.ravel()
    area = np.bincount(flat).astype(np.float64)
    rows, columns = np.indices(labels.shape, dtype=np.float32)
    centre = _means(flat, area, np.stack([columns + 0.5, rows + 0.5], axis=-1))
    feature = _means(flat, area, np.concatenate([found.lab, found.texture], axis=-1))
    left, right, length, edge = _borders(labels, found.edge)
    step = np.sqrt(((feature[left] - feature[right]) ** 2).sum(axis=1))
    contrast = _relative(step) + _relative(edge)
    share = np.bincount(flat, weights=valid.ravel()) / area
    return Graph(labels, area, share, centre, feature, _palette(feature), left, right, length, contrast)


def _superpixels(edge: Field) -> Integers:
    """Return regions grown from the calmest pixel of each cell of a grid."""
    height, width = edge.shape
    markers = np.zeros(edge.shape, np.int32)
    for count, (row, column) in enumerate(np.ndindex(-(-height // SPACING), -(-width // SPACING)), start=1):
        cell = edge[row * SPACING : (row + 1) * SPACING, column * SPACING : (column + 1) * SPACING]
        y, x = np.unravel_index(int(cell.argmin()), cell.shape)
        markers[row * SPACING + y, column * SPACING + x] = count
    compactness = COMPACTNESS * float(edge.mean())
    regions = watershed(edge, markers, compactness=compactness)  # type: ignore[no-untyped-call]
    return np.asarray(regions, np.int32) - 1


def _means(flat: Integers, area: Vector, values: Field) -> NDArray[np.float64]:
    channels = values.reshape(flat.size, -1).T
    return np.stack([np.bincount(flat, weights=channel) / area for channel in channels], axis=-1)


def _borders(labels: Integers, edge: Field) -> tuple[Integers, Integers, Vector, Vector]:
    """Return the pairs of superpixels that touch, how long and how strong (mean edge) their border is."""
    pairs, strength = [], []
    for one, two, e1, e2 in (
        (labels[:, :-1], labels[:, 1:], edge[:, :-1], edge[:, 1:]),
        (labels[:-1], labels[1:], edge[:-1], edge[1:]),
    ):
        differ = one != two
        pairs.append(np.stack([one[differ], two[differ]], axis=1))
        strength.append(np.maximum(e1[differ], e2[differ]))
    pair = np.sort(np.concatenate(pairs), axis=1).astype(np.int64)
    count = int(labels.max()) + 1
    key, inverse, length = np.unique(pair[:, 0] * count + pair[:, 1], return_inverse=True, return_counts=True)
    mean = np.bincount(inverse, weights=np.concatenate(strength)) / length
    return (key // count).astype(np.int32), (key % count).astype(np.int32), length.astype(np.float64), mean


def _relative(values: Vector) -> Vector:
    """Return `values` in units of their median; one superpixel alone has none."""
    return values / (float(np.median(values)) + 1e-3) if len(values) else values


def _palette(feature: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return soft memberships in clusters of appearance, found by k-means from evenly spaced starts."""
    count = min(CLUSTERS, len(feature))
    order = np.argsort(feature[:, 0], kind="stable")
    start = feature[order[np.linspace(0, len(order) - 1, count).astype(int)]]
    centres = start
    for _ in range(ROUNDS):
        nearest = _distance(feature, centres).argmin(axis=1)
        size = np.bincount(nearest, minlength=count)[:, None]
        total = np.stack([np.bincount(nearest, channel, count) for channel in feature.T], axis=1)
        centres = np.where(size > 0, total / np.maximum(size, 1), centres)
    distance = _distance(feature, centres)
    member = np.exp(-(distance - distance.min(axis=1, keepdims=True)) / (2 * KERNEL**2))
    soft: NDArray[np.float64] = member / member.sum(axis=1, keepdims=True)
    return soft


def _distance(feature: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return squared distances (n, k)."""
    square = (feature**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)[None]
    distance: NDArray[np.float64] = np.maximum(square - 2 * feature @ centres.T, 0)
    return distance
