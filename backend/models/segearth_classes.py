"""From logits of words to classes, as SegEarth-OV's step after the windows: softmax, synonyms, threshold. NumPy only.

Logits are those of `SegEarth.scores`: softmax over words and the background, whose logit is 0. They may be blended over
crops before; their number of words is free.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def words_of(phrases: list[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Return the words of phrases like `building, roof, house`, and the phrase each belongs to."""
    split = [[word.strip() for word in phrase.split(",") if word.strip()] for phrase in phrases]
    owners = [index for index, words in enumerate(split) for _ in words]
    return [word for words in split for word in words], np.array(owners, np.intp)


def probabilities(logits: Floats, background: bool = True) -> Floats:
    """Return (words, h, w): the softmax over all words, with the implied background or without it."""
    highest = logits.max(0, keepdims=True, initial=0.0 if background else -np.inf)
    spread = np.exp(logits - highest)
    whole = spread.sum(0, keepdims=True) + (np.exp(-highest) if background else 0)
    return np.asarray(spread / whole, np.float32)


def best_of_synonyms(values: Floats, owners: NDArray[np.intp]) -> Floats:
    """Return (phrases, h, w): for each phrase its best word's value, not normalised again."""
    return np.stack([values[owners == index].max(0) for index in range(owners.max() + 1)])


def class_map(found: Floats, threshold: float, background: int | None = None) -> NDArray[np.intp]:
    """Return the most probable phrase of every pixel of `found` (phrases, h, w).

    Pixels below `threshold` become `background`: the index of one of the phrases, or, by default, -1; with an implied
    background so do pixels where it is more probable than every phrase.
    """
    best = found.argmax(0)
    doubtful = found.max(0) < threshold
    if background is None:
        doubtful |= 1 - found.sum(0) > found.max(0)
    return np.where(doubtful, -1 if background is None else background, best)
