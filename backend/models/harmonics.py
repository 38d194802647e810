"""`harmonics`: the spherical harmonics of a place and nothing else, the yardstick of what is learnt; no weights."""

from __future__ import annotations

from pathlib import Path

from .location import Doubles, in_chunks
from .spec import ModelSpec
from .spherical_harmonics import harmonics


class Harmonics:
    """Places to harmonics. How alike two places are depends on their distance alone."""

    def __init__(self, degrees: int) -> None:
        self.degrees = degrees
        self.width = degrees**2

    def encode(self, places: Doubles) -> Doubles:
        """Return (n, degrees²) of places (n, 2), longitude and latitude in degrees."""
        return in_chunks(lambda part: harmonics(part, self.degrees), places, self.width)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path | None, device: object) -> Harmonics:
    """Return the harmonics to as many degrees as the spec's parameter says by default."""
    [degrees] = (parameter for parameter in spec.parameters if parameter.name == "degrees")
    return Harmonics(int(degrees.default))
