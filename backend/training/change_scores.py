"""How well a head finds change in made pairs it was not taught with: F1, precision and recall at fixed thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from backend.models.mini_change_network import ChangeHead, Probabilities
from backend.models.mini_graphs import Graph
from backend.training.change_batches import encoded
from backend.training.change_pairs import BUILT, NOT_BUILT, Pair
from backend.training.change_views import drawn_pair

Scores = dict[str, dict[float, tuple[float, ...]]]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
SEED = 7


@torch.no_grad()
def scores(head: ChangeHead, encoder: Graph, pairs: Sequence[Pair]) -> Scores:
    """Return (F1, precision, recall) at each threshold for any change and for buildings; each pair is drawn once."""
    counts = {"any": np.zeros((len(THRESHOLDS), 3), np.int64), "building": np.zeros((len(THRESHOLDS), 3), np.int64)}
    network = Probabilities(head).eval()
    for index, pair in enumerate(pairs):
        seen = encoded([drawn_pair(pair, np.random.default_rng([SEED, index]))], encoder)
        change = network(*seen.before, *seen.after)[0][0].numpy()
        kinds = seen.kinds[0].numpy()
        known = kinds < NOT_BUILT
        counts["any"] += _counted(1 - change[0], kinds > 0, known)
        counts["building"] += _counted(change[BUILT], kinds == BUILT, known)
    return {
        name: {at: tuple(round(float(v), 3) for v in f1(*row)) for at, row in zip(THRESHOLDS, table, strict=True)}
        for name, table in counts.items()
    }


def balance(head: ChangeHead, found: Sequence[Scores]) -> None:
    """Change the odds of buildings so that what was their best threshold is 0.5: that with the largest mean F1."""
    at = max(THRESHOLDS, key=lambda at: float(np.mean([one["building"][at][0] for one in found])))
    head.state_dict()["kind.bias"][BUILT] += float(np.log((1 - at) / at))


def f1(hits: int, found: int, there: int) -> tuple[float, float, float]:
    """Return F1, precision and recall of pixels that were found, are there, and both."""
    precision, recall = hits / max(found, 1), hits / max(there, 1)
    return 2 * hits / max(found + there, 1), precision, recall


def _counted(chance: NDArray[np.float32], truth: NDArray[np.bool_], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    rows = []
    for at in THRESHOLDS:
        found = (chance >= at) & known
        rows.append((int((found & truth).sum()), int(found.sum()), int((truth & known).sum())))
    return np.array(rows, np.int64)
