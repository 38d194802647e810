"""Change as the angle between the embeddings of a place at both dates."""

from __future__ import annotations

from backend.models.change_detector import ANY
from backend.models.embedder import DenseEmbedder
from backend.models.segmenter import Mask

from .method import Floats, angle
from .pair import Both, dates


class Distance:
    """Implements `Method` with any embedder of pictures as they are shown that has dense vectors."""

    angles, blank, known, kind = True, False, "distance", ANY
    classes: tuple[str, ...] = ()

    def __init__(self, model: DenseEmbedder) -> None:
        self._model = model
        self.size, self.stride = model.input_size, model.stride

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return degrees (1, rows, columns): the arc cosine of the cosine of both dates' vectors."""
        before, after = (self._model.dense(picture, valid) for picture in dates(image))
        return angle(before, after)[None]
