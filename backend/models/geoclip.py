"""GeoCLIP's location encoder in NumPy (Vivanco Cepeda et al., NeurIPS 2023, arXiv:2309.16020).

Three networks look at a place through random waves of three lengths; their answers are added. The weights are float32.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .damaged import damaged
from .location import Doubles, in_chunks
from .spec import ModelSpec
from .tensors_file import read_tensors

FILE = "geoclip.safetensors"
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
SCALE = 66.50336 / 180
ROOT_3 = np.sqrt(3.0)


def equal_earth(places: Doubles) -> Doubles:
    """Return (n, 2) on the Equal Earth projection (Šavrič et al., 2018), about -1 to 1, of longitude and latitude."""
    a1, a2, a3, a4 = EQUAL_EARTH
    theta = np.arcsin(ROOT_3 / 2 * np.sin(np.radians(places[:, 1])))
    slope = a1 + 3 * a2 * theta**2 + 7 * a3 * theta**6 + 9 * a4 * theta**8
    x = 2 * ROOT_3 * np.radians(places[:, 0]) * np.cos(theta) / (3 * slope)
    y = a1 * theta + a2 * theta**3 + a3 * theta**7 + a4 * theta**9
    return np.stack([x, y], 1) * SCALE


class GeoClip:
    """Places to 512 numbers."""

    def __init__(self, tensors: dict[str, NDArray[Any]]) -> None:
        """Build it of the package's tensors. Raises KeyError, ValueError."""
        names = sorted({name.split(".")[0] for name in tensors})
        self._parts = [_part(tensors, name) for name in names]
        self.width = len(self._parts[0][-1][0]) if self._parts else 0
        if not self.width:
            raise ValueError("it holds no location encoder")

    def encode(self, places: Doubles) -> Doubles:
        """Return (n, 512) of places (n, 2), longitude and latitude in degrees."""
        return in_chunks(self._encode, places, self.width)

    def _encode(self, places: Doubles) -> Doubles:
        flat = equal_earth(places)  # float64: the shortest waves turn 1600 times over the globe
        total = np.zeros((len(places), self.width))
        for (waves, _), *layers, (weight, bias) in self._parts:
            angle = 2 * np.pi * (flat @ waves.T)
            values = np.concatenate([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
            for inner, offset in layers:
                values = np.maximum(values @ inner.T + offset, 0)
            total += values @ weight.T + bias
        return total

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path, device: object) -> GeoClip:
    """Return GeoCLIP from the installed file.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    try:
        return GeoClip(read_tensors(folder / FILE, lambda name: name.startswith("LocEnc")))
    except (OSError, KeyError, ValueError) as error:
        raise damaged(spec.title, error) from error


def _part(tensors: dict[str, NDArray[Any]], name: str) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Return the waves (with no offset), the three hidden layers and the last one of one network."""
    layers = ("capsule.1", "capsule.3", "capsule.5", "head.0")
    found = [(tensors[f"{name}.{layer}.weight"], tensors[f"{name}.{layer}.bias"]) for layer in layers]
    waves = tensors[f"{name}.capsule.0.b"]
    return [(waves, waves[:0]), *found]
