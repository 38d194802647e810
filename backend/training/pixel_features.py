"""Mini's features of crops drawn once and kept as files: the body is frozen, so a crop need not be encoded twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from backend.models.mini_graphs import Graph
from backend.models.mini_pixel import LEVELS
from backend.training.pixel_batch import PixelBatches

CROPS, MOSAICS = 7, 1
"""Of one file."""
WORKERS = 2
Features = dict[str, Tensor]
"""By name: Mini's `LEVELS`, and `classes`, `truth`, `care` and `scenes` as `PixelBatch` has them."""


def files_folder(out: Path, pack: Path, encoder: Path, seed: int) -> Path:
    """Return where the files of these pictures, this encoder and this seed lie below `out`: others lie elsewhere."""
    made_of = hashlib.sha256(str(seed).encode())
    for path in (pack, encoder):
        with path.open("rb") as file:
            made_of.update(hashlib.file_digest(file, "sha256").digest())
    return out / f"features-{made_of.hexdigest()[:12]}"


class FeatureFiles:
    """Files in a folder; made again from the same arguments, only those are encoded that are not there."""

    def __init__(self, batches: PixelBatches, encoder: Graph, folder: Path, count: int) -> None:
        self._batches, self._encoder, self._folder, self._count = batches, encoder, folder, count
        folder.mkdir(parents=True, exist_ok=True)
        missing = [number for number in range(count) if not self._path(number).exists()]
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self._encode, missing))

    def step(self, number: int, files: int, seed: int) -> Features:
        """Return what a step sees: each file once before any comes again, other files together every time."""
        places = range(number * files, (number + 1) * files)
        turns = {place // self._count for place in places}
        orders = {turn: np.random.default_rng([seed, turn]).permutation(self._count) for turn in turns}
        return _joined(load_file(self._path(orders[at // self._count][at % self._count])) for at in places)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:05d}.safetensors"

    def _encode(self, number: int) -> None:
        batch = self._batches.draw(number, CROPS, MOSAICS)
        found = self._encoder(image=batch.crops.numpy())
        kept = {name: torch.from_numpy(found[name]).half() for name in LEVELS}
        kept |= {"truth": batch.truth.half(), "care": batch.care.half()}
        part = self._path(number).with_suffix(".part")
        save_file({**kept, "classes": batch.classes, "scenes": batch.scenes}, part)
        part.replace(self._path(number))


def _joined(files: Iterable[Features]) -> Features:
    """Return one batch, the mosaics last as in each file."""
    read = list(files)
    joined = {}
    for name in read[0]:
        parts = [(rows[name][:CROPS], rows[name][CROPS:]) if name != "scenes" else (rows[name],) for rows in read]
        values = torch.cat([part for side in zip(*parts, strict=True) for part in side])
        joined[name] = values.float() if values.is_floating_point() else values
    return joined
