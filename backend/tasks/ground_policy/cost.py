"""The cost meter: pixels fed to the model in all looks, against reading everything at native resolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.geo.raster import Window

Fed = Mapping[tuple[int, Window], int]
"""Pixels of tiles by their look's step and their place in it."""


@dataclass(frozen=True)
class Cost:
    """Pixels fed, and those that the naive run feeds; what tiles share counts in both as often as it is fed."""

    read: int
    naive: int

    @property
    def share(self) -> float:
        """Return the part of the naive run's pixels that was fed; 1 where there was nothing to feed."""
        return self.read / self.naive if self.naive else 1.0
