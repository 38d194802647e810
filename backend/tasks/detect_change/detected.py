"""Change by a network that learnt it."""

from __future__ import annotations

import numpy as np

from backend.models.change_detector import ChangeDetector
from backend.models.segmenter import Mask

from .method import Floats, averaged
from .pair import Both, dates

STRIDE = 2
"""Pixels a side of which one probability is kept while tiles are blended."""


class Detected:
    """Implements `Method` with a `ChangeDetector`."""

    angles, blank, known, stride = False, False, "detector", STRIDE

    def __init__(self, model: ChangeDetector) -> None:
        self._model = model
        self.size, self.classes = model.input_size, model.classes

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return probabilities (1 + 2 x classes, rows, columns): of change, of what there was, of what there is."""
        before, after = dates(image)
        found = self._model.detect(before, after, valid)
        change = found.change if len(found.change) == 1 else 1 - found.change[:1]
        return averaged(np.concatenate([change, found.before, found.after]), self.stride)
