"""What there was and is, by phrases: a class map of both dates at once, for methods that know no classes."""

from __future__ import annotations

import numpy as np

from backend.models.segmenter import Mask
from backend.tasks.ground.scorer import Scorer

from .method import Floats
from .pair import Both, dates


class BothDates:
    """Logits of the phrases before, and again after."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return logits (2 x phrases, rows, columns) of a picture (h, w, 6)."""
        return np.concatenate([self._scorer(picture, valid) for picture in dates(image)])
