"""A column that is known at some places, predicted at others, with a score from places that were held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.models.location import Doubles, LocationEncoder

from .fields import Field
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
        """Return numbers, or names of classes, for `places`."""
        values = self.field(places)[:, 0]
        return [self.targets.classes[int(index)] for index in values] if self.targets.classes else values


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
    return Predicted(targets, lambda places: targets.answers(predictor(encoder.encode(places)))[:, None], score)
