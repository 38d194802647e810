"""A model that reads phrases, by name: clicks between a job's tiles may need the memory for other models."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.jobs.live import Live
from backend.models.detector import Detection
from backend.models.loaded import LoadedModels
from backend.models.segmenter import Image, Mask


class LiveGrounder(Live[Any]):
    """A `DenseEmbedder` or a `Detector`, looked up at each use and loaded again where it was dropped in between.

    Attributes:
        detects: whether it is a `Detector`.
    """

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known at once. Raises as `LoadedModels.get`."""
        super().__init__(loaded, model_id, wanted)
        self.detects = hasattr(self._model(), "detect")

    def dense(self, image: Image, valid: Mask) -> NDArray[np.float32]:
        """Return features of every place."""
        found: NDArray[np.float32] = self._model().dense(image, valid)
        return found

    def phrases(self, phrases: list[str]) -> NDArray[np.float32]:
        """Return what features are compared with."""
        found: NDArray[np.float32] = self._model().phrases(phrases)
        return found

    def scores(self, dense: NDArray[np.float32], phrases: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of phrases."""
        found: NDArray[np.float32] = self._model().scores(dense, phrases)
        return found

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the vector of a picture."""
        found: tuple[NDArray[np.float32], NDArray[np.float32]] = self._model().embed(image, valid)
        return found

    def detect(self, image: Image, valid: Mask, phrases: list[str]) -> list[Detection]:
        """Return the objects in a picture."""
        found: list[Detection] = self._model().detect(image, valid, phrases)
        return found
