"""Groups found in a sample, and the group of any vector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
NO_DATA = 255


@dataclass(frozen=True)
class Groups:
    """What a method found.

    Attributes:
        names: of the values 0 and up, the largest group of the sample first.
        colours: `#rrggbb` each.
        of: takes vectors (width, n), NaN where there is no data, and returns values (n,), 255 for those.
    """

    names: tuple[str, ...]
    colours: tuple[str, ...]
    of: Callable[[Floats], Bytes]


def by_size(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the numbers of the groups 0 to `count` - 1, the largest first, of equal ones the first first."""
    return np.argsort(-np.bincount(labels, minlength=count), kind="stable")


def nearest(sample: Floats, part: int = 4096) -> Callable[[Floats], NDArray[np.int64]]:
    """Return what gives (n,), the row of `sample` (m, d) nearest to each of (n, d)."""
    turned, half = np.ascontiguousarray(sample.T), 0.5 * (sample**2).sum(1)

    def rows(asked: Floats) -> NDArray[np.int64]:
        found = np.empty(len(asked), np.int64)
        for start in range(0, len(asked), part):
            found[start : start + part] = (asked[start : start + part] @ turned - half).argmax(1)
        return found

    return rows
