"""A classifier over vectors: the class of each, and how sure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.geo.unit_bytes import NODATA, from_bytes
from backend.tasks.one_thread import one_thread

from .classifier import Classifier

NO_DATA = 255
STEPS = 250
"""Confidence 1 as a byte; 255 is no data."""
PART = 16384
"""Vectors that are looked at together."""

VALUES = from_bytes(np.arange(256, dtype=np.uint8).view(np.int8))
"""The number that each byte stands for, by the byte read without a sign."""

Bytes = NDArray[np.uint8]
Vectors = NDArray[Any]
"""(width, n), float with NaN as no data, or int8 in AlphaEarth's scheme."""


def classes_of(classifier: Classifier, vectors: Vectors) -> Bytes:
    """Return the class (n,) of each of `vectors`, 255 where there is none."""
    found = np.empty(vectors.shape[1], np.uint8)
    with one_thread():
        for start in range(0, len(found), PART):
            part = vectors[:, start : start + PART]
            found[start : start + PART] = np.where(_unknown(part), NO_DATA, _logits(classifier, part).argmax(0))
    return found


def classes_and_confidence(classifier: Classifier, vectors: Vectors) -> tuple[Bytes, Bytes]:
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


def _logits(classifier: Classifier, vectors: Vectors) -> NDArray[np.float32]:
    values = np.take(VALUES, vectors.view(np.uint8)) if vectors.dtype == np.int8 else vectors
    return np.asarray(classifier.weights @ values + classifier.intercepts[:, None], np.float32)


def _unknown(vectors: Vectors) -> NDArray[np.bool_]:
    return np.asarray(vectors[0] == NODATA if vectors.dtype == np.int8 else np.isnan(vectors[0]))
