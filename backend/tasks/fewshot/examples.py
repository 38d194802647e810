"""What a classifier is learnt from: vectors, the class of each, and which were shown together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

Floats = NDArray[np.float32]
MOST_CLASSES = 250
"""As many values as a class map of bytes has."""


@dataclass(frozen=True)
class Examples:
    """Vectors with their classes.

    Attributes:
        vectors: (n, width) of unit length.
        classes: (n,) index into `names`.
        groups: (n,) what was shown at once, a click or a polygon: its vectors are never parted by a fold.
        names: of the classes; every one has a vector.
    """

    vectors: Floats
    classes: NDArray[np.int64]
    groups: NDArray[np.int64]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raise PARAMETER_INVALID for fewer than two classes, or more than a class map can hold."""
        if len(self.names) < 2:
            only = f"only {self.names[0]!r:.60}" if self.names else "none"
            detail = f"A classifier needs examples of two classes at least; there is {only}. Show another class."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if len(self.names) > MOST_CLASSES:
            detail = f"The examples have {len(self.names)} classes, and a class map holds {MOST_CLASSES}; join some."
            raise BadInput(codes.PARAMETER_INVALID, detail)

    @property
    def counts(self) -> tuple[int, ...]:
        """Return how many vectors each class has."""
        return tuple(int(count) for count in np.bincount(self.classes, minlength=len(self.names)))


@dataclass(frozen=True)
class Example:
    """One click or polygon: its class and the vectors (n, width) found there."""

    name: str
    vectors: Floats


def examples_of(shown: list[Example]) -> Examples:
    """Return everything that was shown together; classes in the order in which they first appear. Raises as above."""
    names = tuple(dict.fromkeys(one.name for one in shown if len(one.vectors)))
    kept = [one for one in shown if len(one.vectors)]
    sizes = [len(one.vectors) for one in kept]
    return Examples(
        np.concatenate([one.vectors for one in kept]) if kept else np.empty((0, 0), np.float32),
        np.repeat(np.array([names.index(one.name) for one in kept], np.int64), sizes),
        np.repeat(np.arange(len(kept)), sizes),
        names,
    )
