"""Pairs to learn change from: pictures before and after with labels of both, as the job `change` writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from backend.geo.atomic import Batch
from backend.models import oem
from backend.models.mini_change import KINDS

NO_DATA, NOT_BUILT = 255, 254
"""Of what changed: that nobody knows; that no building came or went, and nobody knows what else."""
NONE, BUILT, OTHER = range(len(KINDS))
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """A place at two times.

    Attributes:
        before, after: pictures (h, w, 3).
        was, now: (h, w) classes of `oem.NAMES`; unknown where nobody knows: such pixels do not teach classes.
        changed: (h, w) 1 where there is another thing, 0 where there is not, or NOT_BUILT, or NO_DATA.
    """

    before: Bytes
    after: Bytes
    was: Bytes
    now: Bytes
    changed: Bytes

    @property
    def kinds(self) -> Bytes:
        """Return which of `KINDS` each pixel is, (h, w), or NOT_BUILT, or NO_DATA."""
        built = (self.was == oem.BUILDING) != (self.now == oem.BUILDING)
        kinds = np.where(built, BUILT, OTHER)
        return np.where(self.changed == 1, kinds, self.changed).astype(np.uint8)

    def turned(self) -> Pair:
        """Return it with time running the other way."""
        return Pair(self.after, self.before, self.now, self.was, self.changed)

    def still(self) -> Pair:
        """Return the picture before as that of both times: nothing changed."""
        return Pair(self.before, self.before, self.was, self.was, np.zeros_like(self.changed))


def read_pairs(folder: Path, part: str) -> list[Pair]:
    """Return the pairs of one part (train, validation, test) of a dataset's folder."""
    names = (folder / "splits" / f"{part}.txt").read_text(encoding="utf-8").split()
    return [read_pair(folder / name) for name in names]


def read_pair(folder: Path) -> Pair:
    """Return the pair in a folder; its classes are what `run.json` says they are like."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    like = np.zeros(256, np.uint8)
    for row in record["labels"]["classes"]:
        like[row["value"]] = oem.NAMES.index(row["like"])
    was, now = (like[_bands(folder / f"labels_{date}.tif")[..., 0]] for date in ("before", "after"))
    before, after = (_bands(folder / f"{date}.tif")[..., :3] for date in ("before", "after"))
    return Pair(before, after, was, now, _bands(folder / "change.tif")[..., 0])


def write_made(path: Path, pairs: Sequence[Pair]) -> None:
    """Write pairs of one size to a file, for `read_made`."""
    stacked = {name: np.stack([getattr(pair, name) for pair in pairs]) for name in Pair.__dataclass_fields__}
    with Batch() as files:
        files.write(path, lambda part: _save(part, stacked))


def read_made(path: Path) -> list[Pair]:
    """Return the pairs that `write_made` wrote."""
    with np.load(path) as found:
        stacked = [found[name] for name in Pair.__dataclass_fields__]
    return [Pair(*parts) for parts in zip(*stacked, strict=True)]


def _save(path: Path, arrays: dict[str, Bytes]) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def _bands(path: Path) -> Bytes:
    with rasterio.open(path, driver="GTiff") as dataset:
        return np.ascontiguousarray(np.moveaxis(dataset.read(), 0, 2))
