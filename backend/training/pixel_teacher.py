"""What Mini's text head says of places that have no label: the decoder follows it there.

A label set names some of the classes: of Banepa only buildings are known, of NAIP only trees. Left alone, the decoder
would answer there as the pictures with labels suggest: that what is green from 0.1 m is never a tree, say.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_graphs import Floats, Graph
from backend.models.mini_text import TextTower
from backend.training.phrases import CLASSES, TRAINED


class Teacher:
    """Mini's text head, asked for `CLASSES` by the first words they are trained with."""

    def __init__(self, folder: Path) -> None:
        self._dense = Graph(folder / "dense.onnx", threads=1)
        tower = TextTower(folder)
        self._scale, self._bias = tower.scale, tower.bias
        self._phrases = tower.places([TRAINED[name][0] for name in CLASSES])

    def __call__(self, level4: Floats, level8: Floats) -> Tensor:
        """Return probabilities (n, 6, h, w) at stride 4 from Mini's levels."""
        hidden = self._dense(level4=level4, level8=level8)["hidden"]
        logits = np.einsum("pc,nchw->nphw", self._phrases, hidden) * self._scale + self._bias
        return torch.sigmoid(torch.from_numpy(logits.astype(np.float32)))
