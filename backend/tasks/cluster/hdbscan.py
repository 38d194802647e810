"""HDBSCAN (Campello et al. 2013): as many groups as the vectors have, and what belongs to none."""

from __future__ import annotations

import numpy as np

from backend.errors import BadInput
from backend.one_thread import one_thread
from backend.protocol import codes
from backend.tasks.ground.colours import phrase_colour

from .groups import NO_DATA, Bytes, Floats, Groups, by_size, nearest

SAMPLE, COMPONENTS = 5000, 16
SMALLEST, SHARE = 10, 0.01
"""A group has this many vectors of the sample at least, and this part of it."""
MOST = 250
NONE, GREY = "No group", "#999999"


def hdbscan(sample: Floats, name: str) -> Groups:
    """Return the groups of `sample` (n, width) of the layer called `name`, found in its 16 principal components.

    Any other vector goes where the vector of the sample nearest to it went, which may be into none.

    Raises:
        BadInput: PARAMETER_INVALID where no two groups are found.
    """
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import PCA

    smallest = max(SMALLEST, round(SHARE * len(sample)))
    labels, places = np.empty(0, np.int64), sample
    if len(sample) > 2 * smallest:
        with one_thread():
            components = PCA(min(COMPONENTS, *sample.shape), svd_solver="covariance_eigh").fit(sample)
            places = components.transform(sample).astype(np.float32)
            labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit(places).labels_.astype(np.int64)
    count = int(labels.max(initial=-1)) + 1
    if not 2 <= count <= MOST:
        detail = f"HDBSCAN finds no groups in {name!r} that stand apart from each other; use kmeans."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    numbers = np.append(np.argsort(by_size(labels[labels >= 0], count)), count)
    values, rows = numbers[labels].astype(np.uint8), nearest(places)

    def of(vectors: Floats) -> Bytes:
        known = ~np.isnan(vectors[0])
        found = np.full(vectors.shape[1], NO_DATA, np.uint8)
        with one_thread():
            found[known] = values[rows(components.transform(vectors[:, known].T).astype(np.float32))]
        return found

    names = [f"Group {number}" for number in range(1, count + 1)]
    return Groups((*names, NONE), (*(phrase_colour(index) for index in range(count)), GREY), of)
