"""Very many vectors by faiss, where it is installed: an inverted file of 8-bit vectors (Jegou et al., PAMI 2011)."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MANY = 2_000_000
"""Vectors beyond which it is worth its making."""
PROBES, BLOCK, SAMPLE = 64, 65_536, 40
"""Lists that are looked into, vectors added at a time, vectors a list is learnt from."""


def has_faiss() -> bool:
    """Return whether faiss is installed; it is an extra (`pip install faiss-cpu`)."""
    return importlib.util.find_spec("faiss") is not None


@dataclass(frozen=True)
class FaissIndex:
    """Rows of the vectors it was made of; `rows` are those that have a vector."""

    index: Any
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, vectors: Floats) -> FaissIndex:
        """Return the index of vectors (n, width), NaN in those that are none."""
        faiss: Any = importlib.import_module("faiss")

        rows = np.flatnonzero(~np.isnan(vectors).any(axis=1))
        lists = max(1, min(int(4 * np.sqrt(len(rows))), len(rows) // SAMPLE))
        index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[rows[:: max(1, len(rows) // (SAMPLE * lists))]])
        for top in range(0, len(rows), BLOCK):
            index.add(vectors[rows[top : top + BLOCK]])
        index.nprobe = PROBES
        return cls(index, rows)

    @classmethod
    def of_bytes(cls, data: bytes) -> FaissIndex:
        """Return what `data` gave. Raises ValueError for what is none."""
        faiss: Any = importlib.import_module("faiss")
        count = int(np.frombuffer(data, np.int64, 1)[0])
        rows = np.frombuffer(data, np.int64, count, 8)
        index = faiss.deserialize_index(np.frombuffer(data, np.uint8, offset=8 * (count + 1)))
        index.nprobe = PROBES
        return cls(index, rows)

    def data(self) -> bytes:
        """Return it as it lies in a file: how many rows there are, these, faiss's own format."""
        faiss: Any = importlib.import_module("faiss")
        head = np.array([len(self.rows)], np.int64).tobytes() + self.rows.astype(np.int64).tobytes()
        return head + bytes(faiss.serialize_index(self.index))

    def nearest(self, weights: Floats, count: int) -> NDArray[np.int64]:
        """Return the rows (count,) of the largest `vectors @ weights`, the largest first, hardly ever missing one."""
        _, found = self.index.search(weights[None].astype(np.float32), min(count, len(self.rows)))
        return np.asarray(self.rows[found[0][found[0] >= 0]])
