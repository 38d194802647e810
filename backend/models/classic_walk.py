"""Seeded random walk over the superpixel graph (Grady, PAMI 2006; with priors, Grady, CVPR 2005)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from .classic_graph import Graph, Vector

Flags = NDArray[np.bool_]
HALF = 0.5
"""Superpixels with less data than this share are no part of the walk."""


@dataclass(frozen=True)
class Tuning:
    """The constants of the walk, found on public aerial images (tests/benchmarks/quality.py).

    Attributes:
        beta: how quickly a border's contrast stops a walker.
        prior: pull of the appearance models, per pixel of a superpixel's area.
        reach: distance in pixels at which the pull of a lone click has dropped by half.
        far: strength of the background's pull beyond the reach.
        size: preference for larger regions among equally contrasted ones.
        centre, settled: how firmly the cut is held near `middle`, before and after there are negative clicks.
        middle: the chance at which the cut should lie.
        floor: the chance below which nothing belongs, however well the border there would cut: clicks on one side of
            a crop must not take all of it.
        memory: weight of an earlier answer.
        rounds: solves; each but the first learns the appearance of object and background from the one before.
    """

    beta: float = 0.67
    prior: float = 0.018
    reach: float = 76.0
    far: float = 0.007
    size: float = 0.75
    centre: float = 9.5
    middle: float = 0.55
    settled: float = 8.0
    floor: float = 0.02
    memory: float = 0.11
    rounds: int = 2


@dataclass(frozen=True)
class Walk:
    """`inside` (n,) bool; `chance` (n,) that a walker reaches the object first; `score` the IoU to expect."""

    inside: Flags
    chance: Vector
    score: float


def walk(graph: Graph, positive: Flags, negative: Flags, previous: Vector | None, tuning: Tuning) -> Walk:
    """Return the object that holds the `positive` superpixels and none of the `negative` ones.

    `previous` (n,), 0 to 1, is an earlier answer that pulls weakly; None for none.
    """
    empty = graph.valid < HALF
    open_borders = ~(empty[graph.left] | empty[graph.right])
    conductance = open_borders * graph.length * np.exp(-tuning.beta * graph.contrast)
    likely = _appearance(graph, positive, _around(graph, positive, negative))
    for step in range(tuning.rounds):
        if previous is not None:
            likely = (1 - tuning.memory) * likely + tuning.memory * previous
        chance = _solve(graph, conductance, likely, positive, negative, tuning)
        found = _cut(graph, conductance, chance, positive, negative | empty, tuning)
        if step + 1 < tuning.rounds:
            likely = _appearance(graph, found.inside, _around(graph, found.inside, negative))
    return found


def _around(graph: Graph, inside: Flags, negative: Flags) -> Vector:
    """Return weights of what the background looks like: said background, and the neighbourhood of the object."""
    centre = graph.centre[inside].mean(axis=0)
    spread = max(30.0, 2.5 * np.sqrt(graph.area[inside].sum()))
    near = np.exp(-((graph.centre - centre) ** 2).sum(axis=1) / (2 * spread**2))
    return np.where(inside | (graph.valid < HALF), 0, near + 3 * negative)


def _appearance(graph: Graph, inside: Flags, outside: Vector) -> Vector:
    """Return how much more each superpixel looks like `inside` than like `outside`, 0 to 1."""
    of_object = (inside * graph.area) @ graph.palette
    of_others = (outside * graph.area) @ graph.palette
    like_object = graph.palette @ (of_object / of_object.sum())
    like_others = graph.palette @ (of_others / max(of_others.sum(), 1.0))
    ratio: Vector = like_object / (like_object + like_others + 1e-9)
    return ratio


def _solve(
    graph: Graph, conductance: Vector, likely: Vector, positive: Flags, negative: Flags, tuning: Tuning
) -> Vector:
    """Return for each superpixel the chance that a walker from it ends in the object."""
    count = len(likely)
    pull = tuning.prior * graph.area
    drain = np.zeros(count)
    if not negative.any():
        distance = np.sqrt(((graph.centre[:, None] - graph.centre[positive][None]) ** 2).sum(axis=-1)).min(axis=1)
        drain = tuning.far * graph.area * (distance / tuning.reach) ** 2
    degree = np.bincount(graph.left, conductance, count) + np.bincount(graph.right, conductance, count)
    seeded = 1e4 * (positive | negative)
    index = np.arange(count)
    matrix = sparse.csc_matrix(
        (
            np.concatenate([-conductance, -conductance, degree + pull + drain + seeded]),
            (
                np.concatenate([graph.left, graph.right, index]),
                np.concatenate([graph.right, graph.left, index]),
            ),
        ),
        shape=(count, count),
    )
    solver = splu(matrix, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    chance: Vector = solver.solve(pull * likely + 1e4 * positive)
    return chance


def _cut(graph: Graph, conductance: Vector, chance: Vector, positive: Flags, negative: Flags, tuning: Tuning) -> Walk:
    """Cut where the border of the superpixels above the cut is the strongest for what it encloses (a sweep cut)."""
    chance = np.where(positive, 2.0, np.where(negative, -1.0, chance))
    order = np.argsort(-chance, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    first, last = np.minimum(rank[graph.left], rank[graph.right]), np.maximum(rank[graph.left], rank[graph.right])
    area = np.cumsum(graph.area[order])
    leak = _running(first, last, conductance, len(order))
    value = tuning.size * np.log(area) - np.log(leak + 1e-3)
    value += tuning.size * np.log(np.maximum(1 - area / area[-1], 1e-6))
    pull = tuning.settled if (negative & (graph.valid >= HALF)).any() else tuning.centre
    value -= pull * np.abs(np.clip(chance[order], 0, 1) - tuning.middle)
    least = int(positive.sum()) - 1
    allowed = np.arange(least, max(least + 1, len(order) - max(1, int(negative.sum()))))
    allowed = allowed[(chance[order][allowed] >= tuning.floor) | (allowed <= least)]
    best = int(allowed[np.argmax(value[allowed])])
    inside = _connected(graph, rank <= best, positive)
    return Walk(inside, chance, _score(graph, inside))


def _score(graph: Graph, inside: Flags) -> float:
    """Return the IoU to expect: a straight line fitted to clicks on known objects (correlation 0.46 there).

    Strong borders and compact shapes speak for a mask, strong borders within it and a large area against it.
    """
    within, cut = inside[graph.left] & inside[graph.right], inside[graph.left] != inside[graph.right]
    border, area = float(graph.length[cut].sum()), float(graph.area[inside].sum())
    outer, inner = _mean_contrast(graph, cut), _mean_contrast(graph, within)
    compact = min(4 * np.pi * area / max(border, 1) ** 2, 2.0)
    expected = 0.87 + 0.18 * np.log(outer + 0.1) - 0.14 * np.log(inner + 0.1) + 0.11 * compact - 0.066 * np.log(area)
    return float(np.clip(expected, 0, 1)) * min(1.0, 2 * outer)  # no border at all, no object


def _mean_contrast(graph: Graph, chosen: Flags) -> float:
    length = float(graph.length[chosen].sum())
    return float((graph.length * graph.contrast)[chosen].sum()) / max(length, 1)


def _running(first: NDArray[np.int64], last: NDArray[np.int64], weight: Vector, count: int) -> Vector:
    """Return for each k the weight of the borders that separate the k + 1 highest from the others."""
    return np.cumsum(np.bincount(first, weight, count) - np.bincount(last, weight, count))


def _connected(graph: Graph, inside: Flags, positive: Flags) -> Flags:
    """Return the parts of `inside` that hold a positive superpixel."""
    kept = inside[graph.left] & inside[graph.right]
    count = len(inside)
    links = sparse.coo_matrix((np.ones(int(kept.sum())), (graph.left[kept], graph.right[kept])), shape=(count, count))
    _, part = connected_components(links, directed=False)
    held: Flags = inside & np.isin(part, part[positive])
    return held
