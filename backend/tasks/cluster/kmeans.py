"""k-means (Lloyd 1982, k-means++ starts)."""

from __future__ import annotations

import numpy as np

from backend.errors import BadInput
from backend.one_thread import one_thread
from backend.protocol import codes
from backend.tasks.ground.colours import phrase_colour

from .groups import NO_DATA, Bytes, Floats, Groups, by_size

SAMPLE, STARTS = 20_000, 4


def kmeans(sample: Floats, clusters: int, seed: int, name: str) -> Groups:
    """Return `clusters` groups of `sample` (n, width) of the layer called `name`; the same seed finds the same.

    Raises:
        BadInput: PARAMETER_INVALID for fewer different vectors than groups.
    """
    from sklearn.cluster import KMeans

    different = len(np.unique(sample, axis=0))
    if different < clusters:
        detail = f"{name!r} has {different} different vectors, too few for {clusters} groups; ask for fewer."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    with one_thread():
        found = KMeans(clusters, n_init=STARTS, random_state=seed).fit(sample)
    order = by_size(found.labels_.astype(np.int64), clusters)
    centres = found.cluster_centers_[order].astype(np.float32)
    half = 0.5 * (centres**2).sum(1)

    def of(vectors: Floats) -> Bytes:
        with one_thread():
            values = (centres @ vectors - half[:, None]).argmax(0)
        return np.where(np.isnan(vectors[0]), NO_DATA, values).astype(np.uint8)

    return Groups(
        tuple(f"Group {number}" for number in range(1, clusters + 1)),
        tuple(phrase_colour(index) for index in range(clusters)),
        of,
    )
