"""What is to be predicted: a column of numbers, or of texts that name classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.models.location import Doubles
from backend.protocol import codes

from .points import Points

FEWEST, MOST_CLASSES = 10, 100


@dataclass(frozen=True)
class Targets:
    """A column, as the estimators take it.

    Attributes:
        name: the column's.
        values: (n, 1) numbers, or (n, c) with a 1 where a place is of a class.
        classes: names of the classes, in order; empty for numbers.
    """

    name: str
    values: Doubles
    classes: tuple[str, ...] = ()

    def answers(self, predicted: Doubles) -> Doubles:
        """Return (n,) numbers, or indices of classes, of predicted (n, 1 or c)."""
        return predicted.argmax(1).astype(np.float64) if self.classes else np.asarray(predicted[:, 0])

    def score(self, predicted: Doubles, where: NDArray[np.bool_]) -> float:
        """Return R², or the share of right classes, of what was predicted for the places `where`; NaN if undefined."""
        truth = self.values[where]
        if self.classes:
            return float((truth.argmax(1) == predicted.argmax(1)).mean())
        spread = ((truth - truth.mean()) ** 2).sum()
        return float(1 - ((truth - predicted) ** 2).sum() / spread) if spread > 0 else float("nan")


def targets_of(points: Points, name: str, classes: bool = False) -> Targets:
    """Return the column `name` of `points`; with `classes`, its numbers are codes of classes, as texts are names.

    Raises:
        BadInput: PARAMETER_INVALID for a column that is not there, has gaps, is constant, or has too few rows.
    """
    values = points.column(name)
    if len(values) < FEWEST:
        detail = f"{points.name!r} has {len(values)} places; at least {FEWEST} are needed to predict {name!r}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if isinstance(values, list):
        return _classes(points, name, values)
    gaps = np.flatnonzero(~np.isfinite(values))
    if len(gaps):
        raise BadInput(
            codes.PARAMETER_INVALID, f"{name!r} of {points.name!r} has no number in row {gaps[0] + 1}; leave it out."
        )
    if classes:
        return _classes(points, name, [f"{value:g}" for value in values])
    if np.ptp(values) == 0:
        raise BadInput(
            codes.PARAMETER_INVALID, f"{name!r} of {points.name!r} is {values[0]:g} everywhere; choose another."
        )
    return Targets(name, values[:, None])


def _classes(points: Points, name: str, values: list[str]) -> Targets:
    gaps = [row for row, value in enumerate(values, 1) if not value.strip()]
    if gaps:
        raise BadInput(codes.PARAMETER_INVALID, f"{name!r} of {points.name!r} is empty in row {gaps[0]}; leave it out.")
    classes = tuple(sorted(set(values)))
    if not 2 <= len(classes) <= MOST_CLASSES:
        there = f"{name!r} of {points.name!r} has {len(classes)} different texts"
        detail = f"{there}; columns of 2 to {MOST_CLASSES} classes can be predicted."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    index = {text: number for number, text in enumerate(classes)}
    return Targets(name, np.eye(len(classes))[[index[text] for text in values]], classes)
