"""A classifier over vectors: the class of each, and how sure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.one_thread import one_thread

from .classifier import Classifier

NO_DATA = 255
STEPS = 250
"""Confidence 1 as a byte; 255 is no data."""
PART = 16384
"""Vectors that are looked at together."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
"""Vectors (width, n); NaN is no data."""


def classes_of(classifier: Classifier, vectors: Floats) -> Bytes:
    """Return the class (n,) of each of `vectors`, 255 where there is none."""
    found = np.empty(vectors.shape[1], np.uint8)
    with one_thread():
        for start in range(0, len(found), PART):
            part = vectors[:, start : start + PART]
            found[start : start + PART] = np.where(_unknown(part), NO_DATA, _logits(classifier, part).argmax(0))
    return found


def classes_and_confidence(classifier: Classifier, vectors: Floats) -> tuple[Bytes, Bytes]:
    """Return the class (n,) of each of `vectors` and its probability in steps of 1/250; 255 where there is none."""
    found, sure = np.empty((2, vectors.shape[1]), np.uint8)
    with one_thread():
        for start in range(0, len(found), PART):
            part = vectors[:, start : start + PART]
            here, unknown, logits = np.s_[start : start + PART], _unknown(part), _logits(classifier, part)
            found[here] = np.where(unknown, NO_DATA, logits.argmax(0))
            share = 1 / np.exp(np.where(unknown, 0, logits - logits.max(0))).sum(0)
            sure[here] = np.where(unknown, NO_DATA, np.round(share * STEPS))
    return found, sure


def _logits(classifier: Classifier, vectors: Floats) -> Floats:
    return np.asarray(classifier.weights @ vectors + classifier.intercepts[:, None], np.float32)


def _unknown(vectors: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isnan(vectors[0]))
