"""`rcf`: random convolutional features and PCA, learnt from the source itself; no weights (4th place of Embed2Scale).

4096 features of 2048 kernels of 3 x 3 pixels (`rcf_features.py`) to a few numbers by PCA, whitened: every component
counts alike in the unit vector. Kernels and PCA are fitted once to a sample of the source; then each block of pixels
has its vector whatever the order, or the windows, they are asked for in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.bands import EVERY
from backend.protocol import codes

from .rcf_features import SIDE, Floats, Mask, of_blocks, of_picture
from .rcf_fit import SMALLEST, fit, middles
from .rcf_state import State
from .spec import ModelSpec

BLOCK = 8
KERNELS = 2048
PATCHES, NORMAL = "patches", "normal"
LARGEST = 512


class Rcf:
    """What is loaded: it makes the embedder of a source from a sample of it (`models.embedder.Unfitted`)."""

    bands = EVERY
    input_size, sampled = 128, 64

    def __init__(self, kernels: int = KERNELS) -> None:
        self._kernels = kernels

    def fit(self, windows: Iterable[tuple[NDArray[Any], Mask]], parameters: Mapping[str, Any]) -> bytes:
        """Return bands' statistics, kernels and PCA of a sample.

        `parameters`: `numbers` in a vector, `kernels` (`patches` of the images or `normal`), `seed`, `block`.

        Raises:
            BadInput: NO_VALID_PIXELS for a sample without data, PARAMETER_INVALID for more numbers than it tells.
        """
        block = int(parameters.get("block", 0)) or BLOCK
        if block < SMALLEST:
            detail = f"Blocks of {block} pixels hold too few patches; take at least {SMALLEST} pixels a vector."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        of_images, numbers = parameters["kernels"] == PATCHES, int(parameters["numbers"])
        sample = middles(windows, self.input_size)
        return fit(sample, self._kernels, of_images, numbers, block, int(parameters["seed"])).to_bytes()

    def fitted(self, state: bytes) -> FittedRcf:
        """Return the embedder of what `fit` returned. Raises BadInput, PARAMETER_INVALID."""
        return FittedRcf(State.of_bytes(state))

    def close(self) -> None:
        """Hold nothing."""


class FittedRcf:
    """Pictures of the fitted bands to unit vectors (`models.embedder.DenseEmbedder`)."""

    bands = EVERY
    alone = True

    def __init__(self, state: State) -> None:
        self._state = state
        self.stride = state.block
        self.input_size = max(1, LARGEST // state.block) * state.block
        self.width = self.dense_width = len(state.components)

    def dense(self, image: NDArray[Any], valid: Mask) -> Floats:
        """Return (numbers, ceil(h / stride), ceil(w / stride)): the vector of a block depends on its pixels alone."""
        features = of_blocks(self._state.standardised(image, valid), valid, self._state.kernels, self.stride)
        return np.moveaxis(self._state.projected(features), 2, 0)

    def embed(self, image: NDArray[Any], valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector of a picture, comparable with those of `dense`; it has no weights of scales."""
        known = np.ones(image.shape[1:], np.bool_) if valid is None else valid
        edges = [(0, max(0, SIDE - length)) for length in known.shape]
        values = np.pad(self._state.standardised(image, known), ((0, 0), *edges), "edge")
        features = of_picture(values, np.pad(known, edges, "edge"), self._state.kernels)
        return self._state.projected(features), np.empty(0, np.float32)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path | None, device: object) -> Rcf:
    """Return what fits RCF to a source."""
    return Rcf()
