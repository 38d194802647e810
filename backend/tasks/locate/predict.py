"""A column that is known at some places, predicted at others, with a score from places that were held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.models.location import Doubles, LocationEncoder

from .fields import Field
from .nearness import near_only
from .points import Column, Points
from .question import Question
from .score import ESTIMATORS, scores, splits_of
from .targets import Targets, targets_of


@dataclass(frozen=True)
class Predicted:
    """What was learnt of a column.

    Attributes:
        field: gives (n, 1) numbers, or indices of classes, of places (n, 2).
        score: what `score.scores` returns.
    """

    targets: Targets
    field: Field
    score: dict[str, Any]

    def column(self, places: Doubles) -> Column:
        """Return numbers, or names of classes, for `places`; NaN or an empty text where nothing is said."""
        values = self.field(places)[:, 0]
        if not self.targets.classes:
            return values
        return ["" if np.isnan(index) else self.targets.classes[int(index)] for index in values]


def learn(
    question: Question, points: Points, encoder: LocationEncoder, progress: Callable[[float, str], None]
) -> Predicted:
    """Learn the column `question.predict` of `points`.

    Raises:
        BadInput: PARAMETER_INVALID, as `targets_of` and `splits_of`.
    """
    targets = targets_of(points, question.predict, question.classes)
    splits = splits_of(points, question.block_km, question.folds_by)
    features = encoder.encode(points.places)
    score = scores(points, features, targets, question.estimator, splits, progress)
    predictor = ESTIMATORS[question.estimator](features, targets.values)

    def field(places: Doubles) -> Doubles:
        return targets.answers(predictor(encoder.encode(places)))[:, None]

    if question.within_km is None:
        return Predicted(targets, field, score)
    return Predicted(targets, near_only(field, points.places, question.within_km), score)
