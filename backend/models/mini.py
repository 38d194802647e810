"""`mini`: the compact network that ships, run by onnxruntime: clicks, phrases and embeddings from one encoder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import mini_prompts
from .mini_graphs import FOLDER, Floats, Graph, batch
from .mini_text import TextTower
from .resample import resample
from .segmenter import CropPrompts, Decoded, Image, Mask
from .spec import ModelSpec

SMALLEST_CHIP = 96
EMPTY = -8.0


@dataclass(frozen=True)
class Encoded:
    """A crop as the click head needs it: its size, and features at strides 8, 4 and 4."""

    size: tuple[int, int]
    coarse: Floats
    fine: Floats
    similar: Floats

    @property
    def nbytes(self) -> int:
        """Return the bytes of the features."""
        return self.coarse.nbytes + self.fine.nbytes + self.similar.nbytes


class Mini:
    """The loaded network. Graphs open when first used: a click needs neither words nor vectors."""

    def __init__(self, input_size: int, folder: Path = FOLDER) -> None:
        self.input_size = input_size
        self._folder = folder
        self._encoder = Graph(folder / "encoder.onnx")

    @cached_property
    def _click(self) -> Graph:
        return Graph(self._folder / "click.onnx")

    @cached_property
    def _dense(self) -> Graph:
        return Graph(self._folder / "dense.onnx")

    @cached_property
    def _tower(self) -> TextTower:
        return TextTower(self._folder)

    def encode(self, image: Image, valid: Mask) -> Encoded:
        """Return the click head's features of a crop of at most `input_size` a side."""
        found = self._encoder(image=batch(image, valid))
        return Encoded((image.shape[0], image.shape[1]), found["coarse"], found["fine"], found["similar"])

    def decode(self, embedding: Encoded, prompts: CropPrompts) -> Decoded:
        """Return the mean of the network's candidates; parts that no positive click touches are left out."""
        height, width = embedding.size
        if not (prompts.labels == 1).any() and prompts.box is None:
            return Decoded(np.full((height, width), EMPTY, np.float32), 0.0)
        maps = mini_prompts.draw(prompts.points, prompts.labels, prompts.box, prompts.logits, embedding.similar[0])
        found = self._click(coarse=embedding.coarse, fine=embedding.fine, maps=maps[None])
        logits = np.ascontiguousarray(found["mask"][0, 0, :height, :width])
        leave_untouched_parts(logits, prompts)
        return Decoded(logits, float(found["score"][0]), found["memory"][0, 0])

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector (256,) of a chip, and how much each scale weighed in it (4,), finest first."""
        height, width = image.shape[:2]
        scale = float(np.clip(1.0, SMALLEST_CHIP / min(height, width), self.input_size / max(height, width)))
        size = max(1, round(height * scale)), max(1, round(width * scale))
        image, valid = resample(image, size), None if valid is None else _nearest(valid, size)
        found = self._encoder(image=batch(image, valid))
        return found["embedding"][0], found["gate"][0]

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return unit-scaled features (64, ceil(h / 4), ceil(w / 4)): one vector for every 4 x 4 pixels."""
        found = self._encoder(image=batch(image, valid))
        hidden: Floats = self._dense(level4=found["level4"], level8=found["level8"])["hidden"][0]
        return hidden[:, : -(-image.shape[0] // 4), : -(-image.shape[1] // 4)]

    def phrases(self, phrases: list[str]) -> Floats:
        """Return (n, 64) vectors to compare dense features with, by `scores`."""
        return self._tower.places(phrases)

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, h, w) that each place is what each phrase names; above 0 means yes."""
        cosine = np.tensordot(phrases, dense, axes=1)
        return np.asarray(cosine * self._tower.scale + self._tower.bias, np.float32)

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def leave_untouched_parts(logits: Floats, prompts: CropPrompts) -> None:
    """Make parts of the mask negative that hold no positive click, where at least one part holds one."""
    from scipy.ndimage import label

    parts, _ = label(logits > 0)
    places = prompts.points[prompts.labels == 1].astype(int)
    columns, rows = (np.clip(places[:, axis], 0, logits.shape[1 - axis] - 1) for axis in (0, 1))
    touched = np.setdiff1d(parts[rows, columns], [0])
    if len(touched):
        left = (parts > 0) & ~np.isin(parts, touched)
        logits[left] = -logits[left]


def _nearest(valid: Mask, size: tuple[int, int]) -> NDArray[np.bool_]:
    rows, columns = (np.arange(new) * old // new for new, old in zip(size, valid.shape, strict=True))
    return valid[np.ix_(rows, columns)]


def load(spec: ModelSpec, folder: Path | None, device: object) -> Mini:
    """Return Mini with the weights that ship."""
    return Mini(spec.input_size, folder or FOLDER)
