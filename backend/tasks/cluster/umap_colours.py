"""False colour by UMAP (McInnes et al. 2018), which keeps neighbours together; needs the package umap-learn."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from backend.errors import Unavailable
from backend.geo.raster import Window
from backend.protocol import codes
from backend.tasks.vectors.field import VectorField

from .groups import Floats, nearest

SAMPLE, LOW, HIGH = 5000, 2, 98


def require_umap() -> None:
    """Raise TIER_MISSING, saying how to get it, where the package is absent."""
    if find_spec("umap") is None:
        detail = "UMAP colours need the package umap-learn; run `pip install umap-learn` in the backend's environment."
        raise Unavailable(codes.TIER_MISSING, detail)


def umap_colour(field: VectorField, sample: Floats, seed: int) -> Callable[[Window], Floats]:
    """Return what gives (3, rows, columns) of a window of `field`: 1 to 255, NaN where there is no data.

    A cell has the colour of the vector of `sample` (n, width) nearest to it.
    """
    from umap import UMAP

    found = UMAP(n_components=3, random_state=seed, n_jobs=1).fit_transform(sample)
    low, high = np.percentile(found, (LOW, HIGH), axis=0)
    shown = np.clip((found - low) / np.maximum(high - low, 1e-6) * 254 + 1, 1, 255).astype(np.float32)
    rows = nearest(sample)

    def colours(window: Window) -> Floats:
        vectors = field.read(window).reshape(field.identity.width, -1)
        known = ~np.isnan(vectors[0])
        values = np.full((3, vectors.shape[1]), np.nan, np.float32)
        values[:, known] = shown[rows(vectors[:, known].T)].T
        return values.reshape(3, window.height, window.width)

    return colours
