"""An embedder by name: clicks between a job's tiles may need the memory for other models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.device import CUDA
from backend.jobs.live import Live
from backend.models.embedder import Picture, Unfitted
from backend.models.loaded import LoadedModels
from backend.models.segmenter import Mask

Floats = NDArray[np.float32]


class LiveEmbedder(Live[Any]):
    """An embedder, looked up at each use and loaded again where it was dropped in between.

    Attributes:
        unfitted: whether `fit` and `use` come before anything else.
        places: whether it has vectors of single places, `dense`.
        bands, width, dense_width, stride, input_size, alone: as those of a `DenseEmbedder`, once it is fitted.
    """

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known at once. Raises as `LoadedModels.get`."""
        super().__init__(loaded, model_id, wanted)
        model = super()._model()
        self.unfitted = isinstance(model, Unfitted)
        self.places = self.unfitted or hasattr(model, "dense")
        self.bands: tuple[str, ...] = model.bands
        self.sampled = int(getattr(model, "sampled", 0))
        self._state: bytes | None = None
        self._fitted: tuple[Any, Any] = None, None
        self._describe(model)

    def fit(self, windows: Iterable[tuple[Picture, Mask]], parameters: Mapping[str, Any]) -> bytes:
        """Return what an unfitted model learns of `windows`."""
        found: bytes = super()._model().fit(windows, parameters)
        return found

    def use(self, state: bytes) -> None:
        """Embed by `state` from now on. Raises PARAMETER_INVALID."""
        self._state = state
        self._describe(self._model())

    @property
    def batches(self) -> bool:
        """Return whether several pictures at a time are worth it: on a GPU, for a model that takes them."""
        return self.device.kind == CUDA and hasattr(self._model(), "dense_batch")

    def _describe(self, model: Any) -> None:
        self.width, self.dense_width = int(getattr(model, "width", 0)), int(getattr(model, "dense_width", 0))
        self.stride, self.alone = int(getattr(model, "stride", 1)), bool(getattr(model, "alone", False))
        self.input_size = int(getattr(model, "input_size", self.input_size))

    def embed(self, image: Picture, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the vector of a picture."""
        found: tuple[Floats, Floats] = self._model().embed(image, valid)
        return found

    def dense(self, image: Picture, valid: Mask) -> Floats:
        """Return the vectors of a picture's blocks."""
        found: Floats = self._model().dense(image, valid)
        return found

    def dense_batch(self, images: Picture, valid: Mask) -> Floats:
        """Return the vectors of the blocks of several pictures of one size."""
        found: Floats = self._model().dense_batch(images, valid)
        return found

    def _model(self) -> Any:
        model = super()._model()
        if self._state is None:
            return model
        if self._fitted[0] is not model:
            self._fitted = model, model.fitted(self._state)
        return self._fitted[1]
