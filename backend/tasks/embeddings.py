"""Encoded crops, the least recently used dropped first, bounded by bytes."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from backend.models.segmenter import Embedding, Mask, Segmenter

BUDGET = 512 * 2**20


@dataclass(frozen=True)
class Encoded:
    """An encoded crop and where its pixels are data; None where all are."""

    embedding: Embedding
    valid: Mask | None = None

    @property
    def nbytes(self) -> int:
        """Return the memory it holds."""
        return int(self.embedding.nbytes + (0 if self.valid is None else self.valid.nbytes))


class EmbeddingCache:
    """Keeps encoded crops for clicks to come. Used from the device's thread only.

    A key names model, source and crop. An embedding serves only the very model object that made it, so that a model
    loaded anew, perhaps on another device, never meets one of its predecessor's.
    """

    def __init__(self, budget_bytes: int = BUDGET) -> None:
        self.budget_bytes = budget_bytes
        self.held_bytes = 0
        self._kept: OrderedDict[Hashable, tuple[weakref.ref[Segmenter], Encoded]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, segmenter: Segmenter, encode: Callable[[], Encoded]) -> Encoded:
        """Return what is kept under `key`, or what `encode` makes, which is kept then if it fits the budget."""
        kept = self._kept.get(key)
        if kept is not None and kept[0]() is segmenter:
            self._kept.move_to_end(key)
            return kept[1]
        self._drop(key)
        encoded = encode()
        self._kept[key] = weakref.ref(segmenter), encoded
        self.held_bytes += encoded.nbytes
        while self.held_bytes > self.budget_bytes:
            self._drop(next(iter(self._kept)))
        return encoded

    def clear(self) -> None:
        """Drop everything, as before a model is unloaded from a full device."""
        self._kept.clear()
        self.held_bytes = 0

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.held_bytes -= kept[1].nbytes
