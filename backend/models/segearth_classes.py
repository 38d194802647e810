"""From logits of words to classes as the paper says it: softmax, synonyms, threshold. NumPy only.

Logits are those of `SegEarth.scores`: softmax over words and the background, whose logit is 0. They may be blended over
crops before; their number of words is free. The job has the same in `backend.tasks.ground.reading`, phrase by phrase
and with thresholds that move afterwards; tests hold it to this.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def probabilities(logits: Floats, background: bool = True) -> Floats:
    """Return (words, h, w): the softmax over all words, with the implied background or without it."""
    highest = logits.max(0, keepdims=True, initial=0.0 if background else -np.inf)
    spread = np.exp(logits - highest)
    whole = spread.sum(0, keepdims=True) + (np.exp(-highest) if background else 0)
    return np.asarray(spread / whole, np.float32)


def best_of_synonyms(values: Floats, owners: NDArray[np.intp]) -> Floats:
    """Return (phrases, h, w): for each phrase its best word's value, not normalised again."""
    return np.stack([values[owners == index].max(0) for index in range(owners.max() + 1)])


def class_map(found: Floats, threshold: float, background: int) -> NDArray[np.intp]:
    """Return the most probable phrase of every pixel of `found` (phrases, h, w); below `threshold`, `background`."""
    best = found.argmax(0)
    return np.where(found.max(0) < threshold, background, best)
