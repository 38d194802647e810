"""What asks a dense model about pictures: the phrases' words as it holds them, and the logits of every cell."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import Unavailable
from backend.models.embedder import Grounder
from backend.models.segmenter import Image, Mask
from backend.protocol import codes
from backend.tasks.tiles import STRIDE

from .example import Example
from .reading import best_words

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scorer:
    """A model and what it is asked: words as vectors, perhaps an example beside or instead of them.

    Attributes:
        owners: for each word the number of its phrase; empty where each is a phrase of its own.
    """

    model: Grounder
    vectors: Floats | None
    example: Example | None = None
    owners: Sequence[int] = ()

    @property
    def words(self) -> tuple[int, ...]:
        """Return the phrase of each band where words share one probability, else nothing: bands are phrases then."""
        if not getattr(self.model, "softmax", False):
            return ()
        owners = self._owners()
        return (*owners, owners[-1] + 1 if owners else 0) if self.example else owners

    def __call__(self, image: Image, valid: Mask) -> Floats:
        """Return logits (n, rows, columns) of a picture's cells, of words or phrases (`words`); the example's last."""
        if self.example is None and self.vectors is not None and hasattr(self.model, "logits"):
            return self._phrases(self.model.logits(image, valid, self.vectors))
        dense = self.model.dense(image, valid)
        found = [] if self.vectors is None else [self._phrases(self.model.scores(dense, self.vectors))]
        if self.example is not None:
            found.append(self.example.scores(dense)[None])
        return np.concatenate(found)

    def _phrases(self, logits: Floats) -> Floats:
        return logits if getattr(self.model, "softmax", False) else best_words(logits, self._owners())

    def _owners(self) -> tuple[int, ...]:
        return tuple(self.owners) or tuple(range(0 if self.vectors is None else len(self.vectors)))

    def fingerprint(self) -> str:
        """Return what changes when the model answers differently: its weights, its device, its phrases."""
        side = np.arange(64, dtype=np.uint8)
        picture = np.stack(np.broadcast_arrays(side[:, None] * 3, side[None] * 2, side[:, None] ^ side), axis=-1)
        answer = self(np.ascontiguousarray(picture), np.ones((64, 64), np.bool_))
        return hashlib.sha256(answer.tobytes() + repr((answer.shape, self._owners())).encode()).hexdigest()


def stride_of(model: Grounder) -> int:
    """Return the pixels a feature of the model covers."""
    return int(getattr(model, "stride", STRIDE))


def phrase_vectors(model: Grounder, phrases: Sequence[str], title: str) -> Floats | None:
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
