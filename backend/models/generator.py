"""`mini-generator`: the small network that paints what an enlarged picture lacks, run by onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .mini_graphs import Graph
from .spec import ModelSpec

Floats = NDArray[np.float32]
CONDITION, DENOISE = "condition.onnx", "denoise.onnx"
SCALE, GAIN = 4, 6.0
"""As `generator_network` has them, which needs torch."""
FOLDER = Path(__file__).parents[1] / "weights" / "mini-generator"


class Painter(Protocol):
    """A network of MetaEarth's design. Calls come from one thread only.

    Attributes:
        input_size: side of the pictures it paints.
    """

    input_size: int

    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return `low` (n, 3, h, w), -1 to 1, enlarged to (n, 3, 4 h, 4 w), and what the network sees of it."""

    def noise(self, noisy: Floats, shown: Floats, step: int, metres: Floats) -> Floats:
        """Return the noise (n, 3, h, w) in `noisy` at a step of the schedule; pixels are `metres` (n,) wide."""

    def close(self) -> None:
        """Free memory."""


class GeneratorModel:
    """Implements `Painter`."""

    input_size = 256

    def __init__(self, folder: Path) -> None:
        self._condition, self._denoise = Graph(folder / CONDITION), Graph(folder / DENOISE)

    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return the picture enlarged, and encoded."""
        found = self._condition(low=low)
        return found["enlarged"], found["shown"]

    def noise(self, noisy: Floats, shown: Floats, step: int, metres: Floats) -> Floats:
        """Return the noise in pictures."""
        at = np.full(len(noisy), step, np.float32)
        found: Floats = self._denoise(noisy=noisy, shown=shown, step=at, metres=metres)["noise"]
        return found

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path | None, device: object) -> GeneratorModel:
    """Return the generator with the weights that ship."""
    return GeneratorModel(Path(str(spec.options["ships"])))
