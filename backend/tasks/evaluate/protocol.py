"""NeuCo-Bench: linear probes on random splits, task by task, summed up as Q.

Facts of the protocol: embed2scale/NeuCo-Bench (Apache-2.0). The ids in both the labels and the embeddings count, in
the labels' order. Vectors are filled up with zeros and standardised by one mean and one deviation of the whole matrix,
labels brought to 0..1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

from .board import weighted_ranks
from .embeddings import Embeddings
from .probe import Settings, best_score
from .scores import MEASURES, q_score
from .tasks import Task

HELD_OUT = 0.1
FEWEST = 11
"""Labelled vectors a task must have, so that at least two are held out: R2 of one is not defined."""
Progress = Callable[[float, str], None]
Floats = NDArray[np.float32]


def evaluate(methods: list[Embeddings], tasks: list[Task], settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the report: every method's scores by task, their mean Q, and the weighted ranks.

    Raises:
        BadInput: PARAMETER_INVALID.
    """
    found = []
    for number, method in enumerate(methods):

        def step(share: float, message: str, number: int = number) -> None:
            progress(100 * (number + share) / len(methods), message)

        found.append(_method(method, tasks, settings, step))
    weights, weighted, places = weighted_ranks(
        np.array([[one["tasks"][task.name]["q"] for task in tasks] for one in found])
    )
    for one, rank, place in zip(found, weighted, places, strict=True):
        one |= {"weighted_rank": float(rank), "rank": int(place)}
    return {
        "protocol": {"name": "NeuCo-Bench", "probe": "linear", "held_out": HELD_OUT, **vars(settings)},
        "methods": sorted(found, key=lambda one: float(one["weighted_rank"])),
        "task_weights": {task.name: float(weight) for task, weight in zip(tasks, weights, strict=True)},
    }


def _method(method: Embeddings, tasks: list[Task], settings: Settings, progress: Progress) -> dict[str, Any]:
    labelled = {one for task in tasks for one in task.ids}
    kept = [row for row, one in enumerate(method.ids) if one in labelled]
    if not kept:
        detail = (
            f"{method.name!r} and the labels have no id in common: they are like {method.ids[0]!r:.60} "
            f"and like {tasks[0].ids[0]!r:.60}."
        )
        raise BadInput(codes.PARAMETER_INVALID, detail)
    vectors, about = standardised(padded(method, settings.dimensions)[kept])
    rows = {method.ids[row]: place for place, row in enumerate(kept)}
    scores = {}
    for number, task in enumerate(tasks):
        progress(number / len(tasks), f"{method.name}: {task.name}")
        scores[task.name] = _task(method.name, task, rows, vectors, settings)
    return {
        "name": method.name,
        "count": len(kept),
        "dimensions": method.vectors.shape[1],
        "filled": method.filled,
        **about,
        "tasks": scores,
        "mean_score": float(np.mean([one["mean"] for one in scores.values()])),
        "mean_q": float(np.mean([one["q"] for one in scores.values()])),
    }


def padded(method: Embeddings, dimensions: int) -> Floats:
    """Return the vectors filled up with zeros to `dimensions` numbers; 0 leaves them as they are.

    Raises:
        BadInput: PARAMETER_INVALID where they have more.
    """
    count = method.vectors.shape[1]
    if dimensions and count > dimensions:
        detail = (
            f"{method.name!r} has vectors of {count} numbers, and {dimensions} are allowed; "
            f"compress them, or allow more with --dim {count}."
        )
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return np.pad(method.vectors, ((0, 0), (0, max(dimensions - count, 0))))


def standardised(vectors: Floats) -> tuple[Floats, dict[str, float]]:
    """Return vectors less one mean and by one deviation of all their numbers, with ones behind; and the two."""
    mean, deviation = float(vectors.mean(dtype=np.float64)), float(vectors.std(dtype=np.float64))
    values = (vectors - np.float32(mean)) / np.float32(deviation or 1)
    return np.pad(values, ((0, 0), (0, 1)), constant_values=1), {"mean": mean, "deviation": deviation}


def _task(name: str, task: Task, rows: dict[str, int], vectors: Floats, settings: Settings) -> dict[str, Any]:
    from sklearn.model_selection import ShuffleSplit

    known = np.array([one in rows for one in task.ids])
    if known.sum() < FEWEST:
        detail = f"{name!r} has {known.sum()} of the {len(known)} ids of {task.name!r}; at least {FEWEST} are needed."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    values = vectors[[rows[one] for one in task.ids if one in rows]]
    labels = scaled(name, task, known)
    splits = ShuffleSplit(settings.folds, test_size=HELD_OUT, random_state=settings.seed).split(labels)
    scores = [
        best_score(values, labels, teach, held, task.kind, settings, np.random.default_rng((settings.seed, fold)))
        for fold, (teach, held) in enumerate(splits)
    ]
    q, mean, deviation = q_score(scores)
    return {
        "kind": task.kind,
        "measure": MEASURES[task.kind][0],
        "count": len(labels),
        "missing": int((~known).sum()),
        "mean": mean,
        "deviation": deviation,
        "q": q,
        "splits": scores,
    }


def scaled(name: str, task: Task, known: NDArray[np.bool_]) -> Floats:
    """Return the labels of the `known` rows between 0 and 1. Raises PARAMETER_INVALID where they are all alike."""
    labels = task.labels[known]
    least, most = labels.min(), labels.max()
    if least == most:
        detail = f"All labels of {task.name!r} that {name!r} has vectors for are {least:g}; there is nothing to tell."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return np.asarray((labels - least) / (most - least), np.float32)
