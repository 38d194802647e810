"""Scores in bytes: logits while a run lasts, 250 steps of probability in its results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

STEPS, NO_DATA = 250, 255
"""A score is its byte / STEPS."""
PER_LOGIT, MIDDLE = 12.5, 126
"""A logit is (byte - MIDDLE) / PER_LOGIT, kept from -10 to 10; byte 0 is no data."""


def to_bytes(logits: NDArray[np.float32]) -> Bytes:
    """Return logits as bytes."""
    return np.asarray(np.clip(np.rint(logits * PER_LOGIT), -125, 125) + MIDDLE, np.uint8)


def to_logits(values: Bytes) -> NDArray[np.float32]:
    """Return the logits of bytes."""
    return (values.astype(np.float32) - MIDDLE) / PER_LOGIT


def to_probability(value: float) -> float:
    """Return the probability of a logit byte or a mean of such."""
    return float(1 / (1 + np.exp(-(value - MIDDLE) / PER_LOGIT)))


def _score_table() -> Bytes:
    logits = (np.arange(256) - MIDDLE) / PER_LOGIT
    table = np.rint(STEPS / (1 + np.exp(-logits)))
    table[0] = NO_DATA
    return table.astype(np.uint8)


SCORES: Bytes = _score_table()
"""The score byte of each logit byte."""


def least_score(threshold: float) -> int:
    """Return the score byte from which a place counts."""
    return round(STEPS * threshold)


def least_logit(threshold: float) -> int:
    """Return the logit byte from which a place counts; its score byte is at least `least_score`."""
    return int(np.argmax(SCORES[1:252] >= least_score(threshold))) + 1
