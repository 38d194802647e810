"""From logits of words to logits of phrases: a phrase is worth its best word, and words may share one probability.

A model whose words stand alone (Mini) says of each how likely it names a place; a phrase takes the largest. A model of
a softmax (SegEarth-OV) shares one probability among all words and a background whose logit is 0; the softmax comes
once, over blended logits at every pixel, as the paper has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BEHIND = 10.0
"""Logits taken off where the background is likelier than the phrase: no threshold above 0 reaches what is left."""


def best_words(logits: Floats, owners: Sequence[int]) -> Floats:
    """Return (phrases, ...): each phrase's best word of `logits` (words, ...), whose phrases are `owners`, in order."""
    if len(set(owners)) == len(owners):
        return logits
    starts = [index for index, owner in enumerate(owners) if index == 0 or owner != owners[index - 1]]
    return np.asarray(np.maximum.reduceat(logits, starts, axis=0))


def total_of(words: Sequence[Callable[[], Floats]]) -> Floats:
    """Return the logarithm of the sum of all words' odds and the background's, made one word at a time."""
    total = np.zeros_like(words[0]())
    for word in words:
        np.logaddexp(total, word(), out=total)
    return total


def shared_logit(best: Floats, total: Floats) -> Floats:
    """Return the logit of a word's softmax probability, `BEHIND` lower where the background is likelier than it.

    A phrase that counts from a threshold on then is the one with the highest probability of all words and the
    background, and that is at least the threshold.
    """
    rest = total - best
    with np.errstate(divide="ignore"):
        odds = -rest - np.log(-np.expm1(-rest))
    return np.asarray(np.where(best < 0, odds - BEHIND, np.minimum(odds, 1e3)), np.float32)
