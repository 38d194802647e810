"""Mini Places: what a place looks like, from its coordinates alone; trained here (`training/location.py`), and shipped.

Orthonormal harmonics of forty degrees and a sine network as SatCLIP's, in float32: the weights have 16 bits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .damaged import damaged
from .location import Doubles, in_chunks
from .satclip import Siren
from .satclip_keys import location_tensors
from .spec import ModelSpec
from .spherical_harmonics import harmonics
from .tensors_file import read_tensors

WEIGHTS = Path(__file__).parents[1] / "weights" / "places"
FILE = "places.safetensors"


class MiniPlaces:
    """Places to 256 numbers."""

    def __init__(self, path: Path) -> None:
        """Load the weights in `path`. Raises OSError, KeyError, ValueError."""
        self._siren = Siren(location_tensors(read_tensors(path, lambda name: True)), np.float32)
        self.degrees = round(self._siren.inside**0.5)
        self.width = self._siren.outside

    def encode(self, places: Doubles) -> Doubles:
        """Return (n, 256) of places (n, 2), longitude and latitude in degrees."""
        return in_chunks(self._encode, places, self.width)

    def _encode(self, places: Doubles) -> Doubles:
        return self._siren(harmonics(places, self.degrees).astype(np.float32)).astype(np.float64)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path | None, device: object) -> MiniPlaces:
    """Return the encoder from the weights that ship.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    try:
        return MiniPlaces(WEIGHTS / FILE)
    except (OSError, KeyError, ValueError) as error:
        raise damaged(spec.title, error) from error
