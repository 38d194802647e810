"""What the change painter learns from: crops a quarter as fine as the packed pictures, with labels and masks."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from backend.models.painter_fill import CLASSES, filled, lacking, shown
from backend.training.degradation import halved
from backend.training.generator_pairs import Pairs, enlarged
from backend.training.painter_masks import painted

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
QUARTER = 4
WEIGHTS = {"dubai1": 0.36, "dubai2": 0.16, "naip1": 0.2, "banepa1": 0.1, "banepa2": 0.1, "s21": 0.08}
"""How often each source is drawn, at which coarseness."""
KEPT = 20_000
"""Places remembered for each class of a source."""


@dataclass(frozen=True)
class Masked(Pairs):
    """A batch of pairs, with the further maps (n, 13, s, s) and what is painted (n, 1, s, s)."""

    extra: torch.Tensor
    painted: torch.Tensor


@dataclass(frozen=True)
class Place:
    """A picture (h, w, 3) with shares of classes (h, w, 9) as bytes; pixels are `metres` wide."""

    picture: Picture
    shares: Picture
    metres: float


class Drawer:
    """Draws crops; what comes follows from the generator of random numbers alone."""

    def __init__(self, pack: Path, labels: Path, side: int) -> None:
        """Read a pack's pictures (`backend.training.pack`) and their labels (`backend.training.painter_labels`)."""
        self._side = side
        self._places: dict[str, list[Place]] = {}
        with zipfile.ZipFile(pack) as archive, np.load(labels) as known:
            for entry in json.loads(archive.read("index.json"))["entries"]:
                kind, picture = entry["name"].split("_")[0], archive.read(f"{entry['name']}.jpg")
                fine = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
                whole = _place(halved(fine, QUARTER), known[entry["name"]], entry["metres"] * QUARTER)
                for factor, place in ((1, whole), (2, _halved(whole))):
                    if f"{kind}{factor}" in WEIGHTS and min(place.picture.shape[:2]) >= side:
                        self._places.setdefault(f"{kind}{factor}", []).append(place)
        self._kinds = sorted(self._places)
        weights = np.array([WEIGHTS[kind] for kind in self._kinds])
        self._weights = weights / weights.sum()
        self._found = {kind: _found(places) for kind, places in self._places.items()}

    def draw(self, count: int, drawn: np.random.Generator) -> Masked:
        """Return `count` pairs: half of the crops lie around a place of a class, each class as often as any other."""
        crops = [self._crop(drawn) for _ in range(count)]
        high = np.stack([_numbers(picture) for picture, _, _ in crops])
        shares = np.stack([crop.transpose(2, 0, 1) for _, crop, _ in crops]).astype(np.float32) / np.float32(255)
        labels = shares.argmax(1).astype(np.uint8)
        masks = np.stack([painted(own, labels[index - 1], drawn) for index, own in enumerate(labels)])
        low = torch.from_numpy(filled(high, masks))
        smooth = enlarged(low).numpy()
        extra = torch.from_numpy(shown(high, masks, shares, smooth))
        metres = torch.tensor([size for _, _, size in crops], dtype=torch.float32)
        lacks, hidden = torch.from_numpy(lacking(high, smooth)), torch.from_numpy(masks)[:, None].float()
        return Masked(lacks, low, metres, extra, hidden)

    def _crop(self, drawn: np.random.Generator) -> tuple[Floats, Picture, float]:
        kind = self._kinds[drawn.choice(len(self._kinds), p=self._weights)]
        found = self._found[kind]
        near = found[drawn.integers(len(found))]
        number, row, column = near[drawn.integers(len(near))]
        place, side = self._places[kind][number], self._side
        limits = place.picture.shape[0] - side, place.picture.shape[1] - side
        top, left = (
            int(np.clip(middle - drawn.integers(side), 0, limit))
            for middle, limit in zip((row, column), limits, strict=True)
        )
        here = slice(top, top + side), slice(left, left + side)
        turned, mirrored = int(drawn.integers(4)), -1 if drawn.integers(2) else 1
        picture, shares = (np.rot90(maps[here], turned)[:, ::mirrored] for maps in (place.picture, place.shares))
        return _relit(picture, drawn), shares, place.metres


def _found(places: list[Place]) -> list[NDArray[np.int64]]:
    """Return for each class that is there, and for all together, places (n, 3): number, row, column."""
    sizes = np.array([place.picture.shape[0] * place.picture.shape[1] for place in places])
    drawn = np.random.default_rng(0)
    classes: list[list[NDArray[np.int64]]] = [[] for _ in range(CLASSES)]
    for number, place in enumerate(places):
        labels = place.shares.argmax(2)
        for value in np.unique(labels):
            rows, columns = np.nonzero(labels == value)
            most = max(1, round(KEPT * 10 * len(rows) / sizes.sum()))
            kept = drawn.permutation(len(rows))[: max(most, 200)]
            classes[value].append(np.stack([np.full(len(kept), number), rows[kept], columns[kept]], 1))
    each = [np.concatenate(parts) for parts in classes if parts]
    return [*each, *[np.concatenate(each)] * len(each)]


def _relit(picture: Picture, drawn: np.random.Generator) -> Floats:
    """Return a picture (h, w, 3) from 0 to 255 in slightly other light."""
    gain = drawn.uniform(0.85, 1.15) * drawn.uniform(0.95, 1.05, 3)
    power = drawn.uniform(0.85, 1.18)
    return np.asarray(255 * np.clip(picture / 255 * gain, 0, 1) ** power, np.float32)


def _numbers(picture: Floats) -> Floats:
    return np.ascontiguousarray(picture.transpose(2, 0, 1) / 127.5 - 1, np.float32)


def _place(picture: Picture, labels: NDArray[np.uint8], metres: float) -> Place:
    return Place(picture, 255 * np.eye(CLASSES, dtype=np.uint8)[labels], metres)


def _halved(place: Place) -> Place:
    shares = [halved(place.shares[..., start : start + 3], 2) for start in range(0, CLASSES, 3)]
    return Place(halved(place.picture, 2), np.concatenate(shares, 2), 2 * place.metres)
