"""SatCLIP's location encoder: harmonics and a sine network, in NumPy (Klemmer et al., AAAI 2025, arXiv:2311.17179).

Its image towers, which need torch, are in `satclip_towers.py`. The numbers are float64, as they were trained.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import Unavailable
from backend.protocol import codes

from . import tiers
from .damaged import damaged
from .location import Doubles, in_chunks
from .satclip_keys import LAST, layer, location_tensors
from .spec import FULL, ModelSpec
from .spherical_harmonics import satclip_harmonics
from .tensors_file import read_tensors

FILE = "satclip.safetensors"
FIRST_FREQUENCY = 30.0
BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")


class Siren:
    """Sine layers, y = sin(w (Wx + b)) with w = 30 in the first and 1 after, and a linear one (Sitzmann, 2020)."""

    def __init__(self, tensors: dict[str, NDArray[Any]], dtype: type[np.floating[Any]] = np.float64) -> None:
        """Build it of `layers.N.weight`, `.bias` and `last_layer.weight`, `.bias`, to be computed in `dtype`.

        Raises:
            KeyError, ValueError: tensors are missing or do not fit each other.
        """
        count = sum(name.endswith(".weight") for name in tensors) - 1
        names = [*(layer(index) for index in range(count)), LAST]
        kinds = ("weight", "bias")
        self.layers = [tuple(tensors[f"{name}.{kind}"].astype(dtype) for kind in kinds) for name in names]
        sizes = [(weight.shape[-1], len(weight)) for weight, _ in self.layers]
        joins = all(before == after for (_, before), (after, _) in pairwise(sizes))
        biased = all(bias.shape == (size,) for (_, size), (_, bias) in zip(sizes, self.layers, strict=True))
        if count < 1 or not (joins and biased):
            raise ValueError(f"layers of {sizes} do not fit each other")
        self.inside, self.outside = sizes[0][0], sizes[-1][1]

    def __call__(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return (n, outside) of (n, inside)."""
        frequency = FIRST_FREQUENCY
        for weight, bias in self.layers[:-1]:
            values = np.sin(frequency * (values @ weight.T + bias))
            frequency = 1.0
        weight, bias = self.layers[-1]
        return np.asarray(values @ weight.T + bias)


class SatClip:
    """Places, and pictures of them, to 256 numbers that can be compared."""

    bands = BANDS

    def __init__(self, path: Path) -> None:
        """Load the location encoder in `path`. Raises OSError, KeyError, ValueError."""
        self._path = path
        self._siren = Siren(location_tensors(read_tensors(path, lambda name: "nnet." in name)))
        self.degrees = round(self._siren.inside**0.5)
        self.width = self._siren.outside
        if self.degrees**2 != self._siren.inside:
            raise ValueError(f"{self._siren.inside} inputs are no square of degrees")
        self._tower: Any = None

    def encode(self, places: Doubles) -> Doubles:
        """Return (n, 256) of places (n, 2), longitude and latitude in degrees."""
        return in_chunks(lambda part: self._siren(satclip_harmonics(part, self.degrees)), places, self.width)

    def picture(self, bands: NDArray[np.float32]) -> Doubles:
        """Return the vector (256,) of the 13 `bands` as reflectances (13, rows, columns).

        Raises:
            Unavailable: TIER_MISSING; WEIGHTS_MISMATCH where the file has no image tower.
        """
        if self._tower is None:
            tiers.require(FULL)
            from .satclip_towers import tower_from

            self._tower = tower_from(self._path)
        found: Doubles = self._tower(bands)
        return found

    def close(self) -> None:
        """Free the weights."""
        self._tower = None


def load(spec: ModelSpec, folder: Path, device: object) -> SatClip:
    """Return SatCLIP from the installed file.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    try:
        model = SatClip(folder / FILE)
    except (OSError, KeyError, ValueError) as error:
        raise damaged(spec.title, error) from error
    if model.degrees != spec.options["degrees"]:
        detail = f"The weights of {spec.title} are those of another checkpoint (L = {model.degrees}); import its own."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail)
    return model
