"""What asks a dense model about pictures: the phrases as it holds them, and the logits of every cell."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import Unavailable
from backend.models.embedder import DenseEmbedder
from backend.models.segmenter import Image, Mask
from backend.protocol import codes

from .example import Example

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scorer:
    """A model and what it is asked: phrases as vectors, perhaps an example beside or instead of them."""

    model: DenseEmbedder
    vectors: Floats | None
    example: Example | None = None

    def __call__(self, image: Image, valid: Mask) -> Floats:
        """Return logits (n, rows, columns) of a picture's cells of 4 x 4 pixels, the example's last."""
        dense = self.model.dense(image, valid)
        found = [] if self.vectors is None else [self.model.scores(dense, self.vectors)]
        if self.example is not None:
            found.append(self.example.scores(dense)[None])
        return np.concatenate(found)

    def fingerprint(self) -> str:
        """Return what changes when the model answers differently: its weights, its device, its phrases."""
        side = np.arange(64, dtype=np.uint8)
        picture = np.stack(np.broadcast_arrays(side[:, None] * 3, side[None] * 2, side[:, None] ^ side), axis=-1)
        answer = self(np.ascontiguousarray(picture), np.ones((64, 64), np.bool_))
        return hashlib.sha256(answer.tobytes()).hexdigest()


def phrase_vectors(model: DenseEmbedder, phrases: tuple[str, ...], title: str) -> Floats | None:
    """Return what the model holds `phrases` for, None where there are none.

    Raises:
        Unavailable: MODEL_NOT_INSTALLED where its text tower is missing.
    """
    if not phrases:
        return None
    try:
        return model.phrases(list(phrases))
    except FileNotFoundError as error:
        detail = f"{title} has no text tower here and cannot read phrases; repair the installation or choose another."
        raise Unavailable(codes.MODEL_NOT_INSTALLED, detail) from error
