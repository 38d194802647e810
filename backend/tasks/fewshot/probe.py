"""A linear probe on few examples: multinomial logistic regression, its strength found by cross-validation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.tasks.one_thread import one_thread

from .examples import Examples

Doubles = NDArray[np.float64]
STRENGTHS = (1.0, 10.0, 100.0, 1000.0)
"""Inverse penalties that are tried, the most cautious first."""
USUAL = 1
"""Index of the strength that is taken where there are too few examples to choose one."""
FOLDS = 5


@dataclass(frozen=True)
class Probe:
    """Planes between classes: logits are `vectors @ weights.T + intercepts`.

    Attributes:
        weights: (classes, width).
        intercepts: (classes,).
        strength: inverse of the penalty.
        accuracy: mean over the classes of the share of held-out vectors named rightly; None with too few to tell.
    """

    weights: Doubles
    intercepts: Doubles
    strength: float
    accuracy: float | None


def learn(examples: Examples) -> Probe:
    """Return what tells the classes of `examples` apart; the same examples give the same probe.

    Every class weighs the same. Clicks and polygons are dealt to five folds class by class, whole. The strength is
    the one with the least loss on held-out folds; the accuracy of a fold comes from the strength that is best on the
    others, so that choosing does not flatter it. A class shown only once cannot be held out: then nothing is said.
    """
    centre, axes = _span(examples.vectors.astype(np.float64))
    values = (examples.vectors - centre) @ axes
    folds = folds_of(examples)
    with one_thread():
        if folds is None:
            strength, accuracy = STRENGTHS[USUAL], None
        else:
            strength, accuracy = _chosen(values, examples.classes, folds, len(examples.names))
        weights, intercepts = _fit(values, examples.classes, strength)
    weights = weights @ axes.T
    return Probe(weights, intercepts - weights @ centre, strength, accuracy)


def folds_of(examples: Examples) -> NDArray[np.int64] | None:
    """Return the fold (n,) of each vector, or None where a class was shown only once."""
    firsts = np.unique(examples.groups, return_index=True)[1]
    of_group = examples.classes[firsts]
    shown = np.bincount(of_group, minlength=len(examples.names))
    if shown.min() < 2:
        return None
    folds, count = np.empty(len(firsts), np.int64), min(FOLDS, int(shown.max()))
    dealt = 0
    for index, size in enumerate(shown):
        folds[of_group == index] = (dealt + np.arange(size)) % count
        dealt += int(size)
    return np.asarray(folds[np.unique(examples.groups, return_inverse=True)[1]])


def _span(vectors: Doubles) -> tuple[Doubles, Doubles]:
    """Return the middle (width,) and axes (width, r): planes lie in the span of the examples."""
    centre = vectors.mean(0)
    if vectors.shape[1] <= len(vectors):
        return centre, np.eye(vectors.shape[1])
    return centre, np.linalg.qr((vectors - centre).T)[0]


def _chosen(values: Doubles, classes: NDArray[np.int64], folds: NDArray[np.int64], count: int) -> tuple[float, float]:
    losses = np.zeros((len(STRENGTHS), folds.max() + 1))
    right = np.zeros((len(STRENGTHS), len(values)), np.bool_)
    each = 1 / np.bincount(classes, minlength=count)[classes]
    for fold in range(folds.max() + 1):
        held = folds == fold
        for index, strength in enumerate(STRENGTHS):
            weights, intercepts = _fit(values[~held], classes[~held], strength)
            logits = values[held] @ weights.T + intercepts
            right[index, held] = logits.argmax(1) == classes[held]
            logits -= logits.max(1, keepdims=True)
            found = np.log(np.exp(logits).sum(1)) - logits[np.arange(len(logits)), classes[held]]
            losses[index, fold] = (found * each[held]).sum()
    others = losses.sum(1, keepdims=True) - losses
    hits = right[others.argmin(0)[folds], np.arange(len(values))]
    return STRENGTHS[int(losses.sum(1).argmin())], float((hits * each).sum() / count)


def _fit(values: Doubles, classes: NDArray[np.int64], strength: float) -> tuple[Doubles, Doubles]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000).fit(values, classes)
    weights, intercepts = model.coef_, model.intercept_
    if len(weights) == 1:  # of two classes scikit-learn gives the second's plane alone
        weights, intercepts = np.concatenate([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    return np.asarray(weights), np.asarray(intercepts)
