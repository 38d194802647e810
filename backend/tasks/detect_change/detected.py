"""Change by a network that learnt it."""

from __future__ import annotations

import numpy as np

from backend.models.change_detector import ANY, ChangeDetector, ChangeMaps
from backend.models.segmenter import Mask

from .method import Floats, averaged
from .pair import Both, dates

STRIDE = 2
"""Pixels a side of which one probability is kept while tiles are blended."""


class Detected:
    """Implements `Method` with a `ChangeDetector`; `only` is one of the kinds that it `tells`."""

    angles, blank, stride = False, False, STRIDE

    def __init__(self, model: ChangeDetector, only: str = ANY) -> None:
        self._model = model
        self.size, self.classes = model.input_size, model.classes
        self.kind = model.kinds[0] if only == ANY and len(model.kinds) == 1 else only
        self.known = "detector", self.kind

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return probabilities (1 + 2 x classes, rows, columns): of change, of what there was, of what there is."""
        before, after = dates(image)
        found = self._model.detect(before, after, valid)
        change = change_of(self.kind, found, self._model.kinds, self.classes)
        return averaged(np.concatenate([change, found.before, found.after]), self.stride)


def tells(kind: str, model: ChangeDetector) -> bool:
    """Return whether a model tells a kind of change, as one of its own or by its classes."""
    return kind in (ANY, *model.kinds, *model.classes)


def change_of(kind: str, found: ChangeMaps, kinds: tuple[str, ...], classes: tuple[str, ...]) -> Floats:
    """Return the probability (1, rows, columns) of a kind of change.

    Of a class that is no kind of the model's it is P(change) times the probability that the place has that class at one
    of the dates alone, both dates taken as independent.
    """
    if kind in kinds:
        return found.change[[kinds.index(kind)]]
    change = found.change if len(kinds) == 1 else 1 - found.change[:1]
    if kind == ANY:
        return change
    was, now = (maps[[classes.index(kind)]] for maps in (found.before, found.after))
    return np.asarray(change * (was * (1 - now) + now * (1 - was)), np.float32)
