"""How well a column is predicted at places that were held out, beside what longitude and latitude alone can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.errors import BadInput
from backend.models.location import Doubles
from backend.protocol import codes

from .folds import Folds, block_folds, column_folds, fitting_side, random_folds
from .nearness import on_sphere
from .neighbours import fit_neighbours
from .points import Points
from .ridge import Predictor, fit_ridge
from .targets import Targets

FOLDS, SEED = 5, 0
ESTIMATORS: dict[str, Callable[[Doubles, Doubles], Predictor]] = {"ridge": fit_ridge, "knn": fit_neighbours}
ACCURACY, R2 = "accuracy", "R2"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Split:
    """A way of holding places out.

    Attributes:
        title: a key of the record.
        about: what made it, for the record.
        names: of the folds, where they have some: each then has a score of its own.
    """

    title: str
    folds: Folds
    about: dict[str, Any]
    names: tuple[str, ...] = ()


def splits_of(points: Points, block_km: float | None, column: str | None) -> list[Split]:
    """Return the random split, the one by blocks, and, with `column`, the one that leaves each of its values out.

    Raises:
        BadInput: PARAMETER_INVALID where the places fit into one block, or the column has one value.
    """
    side = block_km or fitting_side(points.places)
    blocks = block_folds(points.places, side, FOLDS, SEED)
    found = [
        Split("random", random_folds(len(points.places), FOLDS, SEED), {"folds": FOLDS}),
        Split("blocks", blocks, {"folds": len(np.unique(blocks)), "block_km": side}),
    ]
    if len(np.unique(blocks)) < 2:
        detail = f"All places of {points.name!r} lie in one block of {side:g} km; give smaller blocks."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if column is not None:
        values = points.column(column)
        folds, names = column_folds(list(values))
        if not 2 <= len(names) <= len(values) // 2:
            detail = f"The column {column!r} does not part the places into groups to be held out; choose another."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        found.append(Split(f"by {column}", folds, {"folds": len(names)}, names))
    return found


def scores(
    points: Points, features: Doubles, targets: Targets, estimator: str, splits: list[Split], progress: Progress
) -> dict[str, Any]:
    """Return, by split, how well `features` and position alone predict held-out places.

    Mean and standard deviation of the measure are over the folds (absent where it is nowhere defined, as R² of one
    place); `rmse`, in the column's unit, is over all places.
    """
    fit = ESTIMATORS[estimator]
    plain = points.places if estimator == "ridge" else on_sphere(points.places)
    found: dict[str, Any] = {"measure": ACCURACY if targets.classes else R2, "estimator": estimator, "seed": SEED}
    for index, split in enumerate(splits):
        progress(100 * index / len(splits), f"Held out: {split.title}")
        found[split.title] = {
            **split.about,
            "model": _over_folds(fit, features, targets, split),
            "longitude_latitude": _over_folds(fit, plain, targets, split),
        }
    return found


def _over_folds(
    fit: Callable[[Doubles, Doubles], Predictor], features: Doubles, targets: Targets, split: Split
) -> dict[str, Any]:
    found, predicted = [], np.empty_like(targets.values)
    for fold in np.unique(split.folds):
        held = split.folds == fold
        predicted[held] = fit(features[~held], targets.values[~held])(features[held])
        found.append(targets.score(predicted[held], held))
    defined = [value for value in found if np.isfinite(value)]
    about: dict[str, Any] = {"mean": _rounded(np.mean(defined)), "std": _rounded(np.std(defined))} if defined else {}
    if split.names:
        each = zip(split.names, found, strict=True)
        about["each"] = {name: _rounded(value) for name, value in each if np.isfinite(value)}
    if not targets.classes:
        about["rmse"] = _rounded(np.sqrt(np.mean((predicted - targets.values) ** 2)))
    return about


def _rounded(value: Any) -> float:
    return round(float(value), 4)
