"""From examples to a classifier."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.tasks.ground.colours import phrase_colour
from backend.tasks.record import utc_now
from backend.tasks.vectors.identity import Identity

from .classifier import Classifier
from .examples import Examples
from .probe import learn

FEW = "Show every class twice at least, and it is said how well they are told apart."
"""Told where there is no accuracy."""
DIGITS = 5
"""Kept of every number: enough for a plane, and a file that fits a header."""


def learnt(examples: Examples, identity: Identity) -> Classifier:
    """Return the classifier that `examples`, vectors of `identity`, teach."""
    probe = learn(examples)
    return Classifier(
        identity=identity,
        names=examples.names,
        colours=tuple(phrase_colour(index) for index in range(len(examples.names))),
        examples=examples.counts,
        weights=_rounded(probe.weights),
        intercepts=_rounded(probe.intercepts),
        strength=probe.strength,
        accuracy=None if probe.accuracy is None else round(probe.accuracy, 4),
        created=utc_now(),
    )


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float32]:
    texts = np.char.mod(f"%.{DIGITS}g", values)
    return np.asarray(texts.astype(np.float64), np.float32)
