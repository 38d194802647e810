"""A detector that goes on without a GPU when that GPU's memory runs out."""

from __future__ import annotations

from typing import Any

import torch

from .detector import Detection
from .fallback import Fallback
from .segmenter import Image, Mask
from .torch_detector import TorchDetector


class FallbackDetector(Fallback[TorchDetector[Any]]):
    """A `Detector` on the wanted device until that device's memory runs out, from then on the CPU."""

    def detect(self, image: Image, valid: Mask, phrases: list[str]) -> list[Detection]:
        """Return what is found in a picture, best first."""
        try:
            return self._model.detect(image, valid, phrases)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.detect(image, valid, phrases)
