"""What one step of the change head sees: pairs of several sorts as Mini's features, and what is true of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_change import LEVELS
from backend.models.mini_graphs import Graph
from backend.training.change_pairs import Pair
from backend.training.change_pasted import crossed
from backend.training.change_views import drawn_pair

STILL, CROSSED = 0.15, 0.35
"""Shares of pairs where nothing changed, and of pairs of two places."""


@dataclass(frozen=True)
class Batch:
    """Features of n pairs in the order of `LEVELS`; kinds of change and classes (n, h, w)."""

    before: list[Tensor]
    after: list[Tensor]
    kinds: Tensor
    was: Tensor
    now: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the same on a device."""
        before, after = ([level.to(device) for level in date] for date in (self.before, self.after))
        return Batch(before, after, *(maps.to(device) for maps in (self.kinds, self.was, self.now)))


class Batches:
    """Draws batches from groups of pairs; each group is as likely as its weight says."""

    def __init__(self, groups: Sequence[tuple[float, Sequence[Pair]]], encoder: Graph, size: int, seed: int) -> None:
        self._groups = [pairs for _, pairs in groups]
        self._chances = np.array([weight for weight, _ in groups]) / sum(weight for weight, _ in groups)
        self._encoder, self._size, self._seed = encoder, size, seed

    def step(self, number: int) -> Batch:
        """Return the batch of a step; what it draws follows from the seed and the step's number alone."""
        drawn = np.random.default_rng([self._seed, number])
        return encoded([drawn_pair(self._sort(drawn), drawn) for _ in range(self._size)], self._encoder)

    def _sort(self, drawn: np.random.Generator) -> Pair:
        sort, pair = drawn.random(), self._one(drawn)
        if sort < STILL:
            return (pair.turned() if drawn.random() < 0.5 else pair).still()
        return crossed(pair, self._one(drawn)) if sort < STILL + CROSSED else pair

    def _one(self, drawn: np.random.Generator) -> Pair:
        group = self._groups[drawn.choice(len(self._groups), p=self._chances)]
        return group[int(drawn.integers(len(group)))]


def encoded(pairs: Sequence[Pair], encoder: Graph) -> Batch:
    """Return pairs of one size as the head sees them."""
    pictures = np.stack([pair.before for pair in pairs] + [pair.after for pair in pairs]).astype(np.float32)
    found = encoder(image=np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
    levels, count = [torch.from_numpy(found[name]) for name in LEVELS], len(pairs)
    kinds, was, now = (
        torch.from_numpy(np.stack(maps).astype(np.int64))
        for maps in zip(*((pair.kinds, pair.was, pair.now) for pair in pairs), strict=True)
    )
    return Batch([level[:count] for level in levels], [level[count:] for level in levels], kinds, was, now)
