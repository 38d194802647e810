"""A linear probe on few examples: multinomial logistic regression, strength and confidence from held-out examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.one_thread import one_thread

from .examples import Examples

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Inverse penalties that are tried, the most cautious first."""
USUAL, USUAL_SCALE = 1.0, 3.0
"""Strength and scale where there are too few examples to choose them: found on Dubai's tiles 1 and 2."""
SCALES = np.geomspace(1, 32, 26)
"""What logits are multiplied by, so that confidence is what held-out examples show it to be (Guo et al. 2017)."""
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
    folds, count = folds_of(examples), len(examples.names)
    vectors = examples.vectors.astype(np.float64)
    with one_thread():
        # planes lie in the span of the examples, which is the smaller problem where there are few
        axes = np.linalg.qr(vectors.T)[0] if len(vectors) < vectors.shape[1] else np.eye(vectors.shape[1])
        values = np.column_stack([vectors @ axes, np.ones(len(vectors))])
        strength, scale, accuracy = USUAL, USUAL_SCALE, None
        if folds is not None:
            strength, scale, accuracy = _chosen(values, examples.classes, folds, count)
        planes = scale * _fit(values, examples.classes, strength)
    return Probe(planes[:, :-1] @ axes.T, planes[:, -1], strength, accuracy)


def folds_of(examples: Examples) -> Ints | None:
    """Return the fold (n,) of each vector, or None where a class was shown only once."""
    firsts, groups = np.unique(examples.groups, return_index=True, return_inverse=True)[1:]
    of_group = examples.classes[firsts]
    shown = np.bincount(of_group, minlength=len(examples.names))
    if shown.min() < 2:
        return None
    folds, count, dealt = np.empty(len(firsts), np.int64), min(FOLDS, int(shown.max())), 0
    for index, size in enumerate(shown.tolist()):
        folds[of_group == index] = (dealt + np.arange(size)) % count
        dealt += size
    return np.asarray(folds[groups])


def _chosen(values: Doubles, classes: Ints, folds: Ints, count: int) -> tuple[float, float, float]:
    """Return strength, scale and accuracy."""
    weights = 1 / (count * np.bincount(classes, minlength=count)[classes])
    logits = np.empty((len(STRENGTHS), len(values), count))
    for fold in range(folds.max() + 1):
        held = folds == fold
        for index, strength in enumerate(STRENGTHS):
            logits[index, held] = values[held] @ _fit(values[~held], classes[~held], strength).T
    losses = np.stack([[_losses(scale * found, classes) * weights for scale in SCALES] for found in logits])
    strength, scale = _least(losses.sum(2))
    right = logits.argmax(2) == classes
    accuracy = 0.0
    for fold in range(folds.max() + 1):
        best = _least(losses[:, :, folds != fold].sum(2))[0]
        accuracy += float((right[best] * weights)[folds == fold].sum())
    return STRENGTHS[strength], float(SCALES[scale]), accuracy


def _least(losses: Doubles) -> tuple[int, int]:
    row, column = np.unravel_index(int(losses.argmin()), losses.shape)
    return int(row), int(column)


def _losses(logits: Doubles, classes: Ints) -> Doubles:
    """Return the cross-entropy (n,)."""
    moved = logits - logits.max(1, keepdims=True)
    return np.asarray(np.log(np.exp(moved).sum(1)) - moved[np.arange(len(moved)), classes])


def _fit(values: Doubles, classes: Ints, strength: float) -> Doubles:
    """Return planes (classes, columns of `values`), the last column the intercept, which is penalised as all others."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, class_weight="balanced", fit_intercept=False, max_iter=1000)
    planes: Doubles = model.fit(values, classes).coef_
    # of two classes scikit-learn gives the second's plane alone
    return np.concatenate([-planes, planes]) / 2 if len(planes) == 1 else planes
