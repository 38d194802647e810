"""What a coarse look tells: the logits of the phrases, and in one band more how relevant each place is to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.models.segmenter import Image, Mask
from backend.tasks.ground_policy.relevance import from_logits

from .scorer import Scorer

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Glance:
    """A scorer of coarse looks."""

    scorer: Scorer

    def __call__(self, image: Image, valid: Mask) -> Floats:
        """Return (n + 1, rows, columns): logits of cells, and their relevance from 0 to 1."""
        logits = self.scorer(image, valid)
        model: Any = self.scorer.model
        vectors = self.scorer.vectors
        relevance = model.relevance(image, valid, vectors) if attends(model) else from_logits(logits)
        return np.concatenate([logits, relevance[None]])


def attends(model: object) -> bool:
    """Return whether a model tells relevance by its attention, for which it is fed a picture once more."""
    return bool(getattr(model, "attends", False))
