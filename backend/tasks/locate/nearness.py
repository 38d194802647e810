"""Where a prediction stops: far from all places that are known nothing is said."""

from __future__ import annotations

import math

import numpy as np

from backend.models.location import Doubles

from .fields import Field

EARTH_KM = 6371.0088


def near_only(field: Field, known: Doubles, within_km: float) -> Field:
    """Return `field` with NaN for places that are farther than `within_km` from each of the places `known` (n, 2)."""
    from scipy.spatial import cKDTree

    tree = cKDTree(on_sphere(known))
    reach = 2 * math.sin(min(within_km / EARTH_KM, math.pi) / 2)

    def limited(places: Doubles) -> Doubles:
        distance, _ = tree.query(on_sphere(places), distance_upper_bound=reach)
        return np.where(np.isfinite(distance)[:, None], field(places), np.nan)

    return limited


def on_sphere(places: Doubles) -> Doubles:
    """Return (n, 3) on the sphere of radius 1: longitude 179 and -179 are close there."""
    longitude, latitude = np.radians(places).T
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )
