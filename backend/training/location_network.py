"""What is trained: a location encoder, the encoder of what places look like, and a linear reader of the vectors."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from backend.models.satclip import FIRST_FREQUENCY
from backend.models.satclip_keys import LAST

DEGREES, HIDDEN, WIDTH = 40, 512, 256
WAVES = 2.0
"""Spread of the first layer's waves over SIREN's own: more of them are short."""
TEMPERATURE = 0.07


class LocationSiren(nn.Module):
    """Harmonics to vectors: two sine layers and a linear one (Sitzmann et al., 2020), as SatCLIP's."""

    def __init__(self) -> None:
        super().__init__()
        inside = DEGREES**2
        self.layers = nn.ModuleList([nn.Linear(inside, HIDDEN), nn.Linear(HIDDEN, HIDDEN)])
        self.add_module(LAST, nn.Linear(HIDDEN, WIDTH))
        first, second = self.layers
        unit = math.sqrt(4 * math.pi)  # harmonics of root mean square 1
        _spread(first, WAVES * unit / inside, math.pi / FIRST_FREQUENCY)
        _spread(second, math.sqrt(6 / HIDDEN), 1 / math.sqrt(HIDDEN))

    def forward(self, harmonics: Tensor) -> Tensor:
        """Return (n, WIDTH) of (n, DEGREES²)."""
        first, second = self.layers
        values = torch.sin(second(torch.sin(FIRST_FREQUENCY * first(harmonics))))
        found: Tensor = self.get_submodule(LAST)(values)
        return found


class LocationTraining(nn.Module):
    """The three networks and the temperature of their comparison.

    Attributes:
        location: harmonics to vectors; this one ships.
        looks: views to vectors.
        reader: vectors to views.
    """

    def __init__(self, numbers: int) -> None:
        """Build them for views of so many `numbers`."""
        super().__init__()
        self.location = LocationSiren()
        self.looks = nn.Sequential(
            nn.Linear(numbers, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, WIDTH)
        )
        self.reader = nn.Linear(WIDTH, numbers)
        self.sharpness = nn.Parameter(torch.tensor(math.log(1 / TEMPERATURE)))


def _spread(layer: nn.Module, weight: float, bias: float) -> None:
    assert isinstance(layer, nn.Linear)  # nosec B101 # ModuleList forgets the type
    nn.init.uniform_(layer.weight, -weight, weight)
    nn.init.uniform_(layer.bias, -bias, bias)
