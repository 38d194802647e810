"""A segmenter by name. Sessions and jobs hold this, not the loaded model, which may be dropped to make room."""

from __future__ import annotations

from backend.jobs.live import Live
from backend.models.segmenter import CropPrompts, Decoded, Embedding, Image, Mask, Segmenter


class LiveModel(Live[Segmenter]):
    """A `Segmenter` that is looked up at each use, and so loaded again where it was dropped in between."""

    def encode(self, image: Image, valid: Mask) -> Embedding:
        """Encode a crop."""
        return self._model().encode(image, valid)

    def decode(self, embedding: Embedding, prompts: CropPrompts) -> Decoded:
        """Decode prompts."""
        return self._model().decode(embedding, prompts)
