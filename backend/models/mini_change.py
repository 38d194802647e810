"""`mini-change`: change between two dates from Mini's features, learnt from made pairs alone; run by onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from . import oem
from .change_detector import BUILDING, NONE, ChangeMaps, Floats
from .mini_graphs import FOLDER as MINI
from .mini_graphs import Graph, batch
from .segmenter import Image, Mask
from .spec import ModelSpec

FOLDER = MINI.with_name("mini-change")
GRAPH = "change.onnx"
LEVELS = ("level4", "fine", "level8", "level16", "level32")
KINDS = (NONE, BUILDING, "other")
"""Of change: of buildings where there is one on one of the dates alone, of anything else."""


class MiniChange:
    """Implements `ChangeDetector`. P(any) is 1 - P(none)."""

    kinds, classes = KINDS, oem.NAMES

    def __init__(self, input_size: int, folder: Path = FOLDER, mini: Path = MINI) -> None:
        self.input_size = input_size
        self._encoder, self._head = Graph(mini / "encoder.onnx"), Graph(folder / GRAPH)

    def detect(self, before: Image, after: Image, valid: Mask) -> ChangeMaps:
        """Return what changed between two pictures (h, w, 3) of one grid; `valid` (h, w) where both have data.

        The mean of the pictures as they are and mirrored, which errs less than either.
        """
        plain = self._found(before, after, valid)
        mirrored = self._found(before[:, ::-1], after[:, ::-1], valid[:, ::-1])
        means = ((one + other[..., ::-1]) / 2 for one, other in zip(plain, mirrored, strict=True))
        return ChangeMaps(*(np.asarray(maps, np.float32) for maps in means))

    def _found(self, before: Image, after: Image, valid: Mask) -> list[Floats]:
        height, width = valid.shape
        levels = self._levels("before", before, valid) | self._levels("after", after, valid)
        found = self._head(**levels)
        return [found[name][0, :, :height, :width] for name in ("change", "before", "after")]

    def close(self) -> None:
        """Hold nothing outside this process's memory."""

    def _levels(self, date: str, picture: Image, valid: Mask) -> dict[str, Floats]:
        found = self._encoder(image=batch(picture, valid))
        return {f"{date}_{name}": found[name] for name in LEVELS}


def load(spec: ModelSpec, folder: Path | None, device: object) -> MiniChange:
    """Return the detector with the weights that ship."""
    return MiniChange(spec.input_size, folder or FOLDER)
