"""A segmenter by name. Sessions and jobs hold this, not the loaded model, which may be dropped to make room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from backend.jobs.live import Live
from backend.models.many_points import each_point
from backend.models.segmenter import CropPrompts, Decoded, Embedding, Image, Mask, Segmenter


class LiveModel(Live[Segmenter]):
    """A `Segmenter` that is looked up at each use, and so loaded again where it was dropped in between."""

    def encode(self, image: Image, valid: Mask) -> Embedding:
        """Encode a crop."""
        return self._model().encode(image, valid)

    def decode(self, embedding: Embedding, prompts: CropPrompts) -> Decoded:
        """Decode prompts."""
        return self._model().decode(embedding, prompts)

    def decode_points(self, embedding: Embedding, points: NDArray[np.float32]) -> Iterator[Decoded]:
        """Yield the answer to a click on each of `points` (n, 2)."""
        return each_point(self._model(), embedding, points)
