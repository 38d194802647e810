"""What the detectors written in PyTorch share: phrases read once, low scores dropped, boxes kept within the picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from backend.device import ComputeDevice

from .detector import Detection
from .nms import suppress
from .segmenter import Image, Mask
from .spec import ModelSpec, Normalisation

Texts = TypeVar("Texts")
MASK_THRESHOLD = 0.5


@dataclass
class Found:
    """A model's raw answer.

    Attributes:
        boxes: (n, 4) x0, y0, x1, y1 in pixels of the picture, also beyond it.
        scores: (n,) 0 to 1.
        phrases: (n,) index of the phrase.
        masks: (n, h, w) probabilities of any resolution over the whole picture, or None.
    """

    boxes: Tensor
    scores: Tensor
    phrases: Tensor
    masks: Tensor | None = None


class TorchDetector(ABC, Generic[Texts]):
    """A `Detector`. What it needs of the phrases (`Texts`) is kept as long as the phrases stay the same.

    From `spec.options` come `floor`, the score under which nothing is returned, and `overlap`, the IoU above which
    two boxes of one phrase are one object.
    """

    notice = ""

    def __init__(self, model: Any, spec: ModelSpec, device: ComputeDevice, side: int) -> None:
        self.input_size = side
        self._device = torch.device(device.kind)
        self._dtype: torch.dtype = getattr(torch, device.dtype)
        self._model: Any = model.to(self._device)
        self._floor, self._overlap = (float(str(spec.options[name])) for name in ("floor", "overlap"))
        self._known: tuple[tuple[str, ...], Texts] | None = None

    @torch.inference_mode()
    def detect(self, image: Image, valid: Mask, phrases: list[str]) -> list[Detection]:
        """Return what is found in a picture (height, width, 3), best first.

        Raises:
            BadInput: PROMPT_INVALID, a phrase the model cannot read.
        """
        if self._known is None or self._known[0] != tuple(phrases):
            self._known = tuple(phrases), self._read(phrases)
        return self._detections(self._find(image, valid, self._known[1]), valid) if valid.any() else []

    def close(self) -> None:
        """Free the weights."""
        self._model = self._known = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    @abstractmethod
    def _read(self, phrases: list[str]) -> Texts:
        """Return what the model needs of the phrases."""

    @abstractmethod
    def _find(self, image: Image, valid: Mask, texts: Texts) -> Found:
        """Return the model's raw answer; phrases count as in `_read`."""

    def _detections(self, found: Found, valid: Mask) -> list[Detection]:
        likely = (found.scores >= self._floor).nonzero()[:, 0]
        height, width = valid.shape
        limits = torch.tensor([width, height, width, height], device=self._device)
        boxes = torch.minimum(found.boxes[likely].float().clamp(min=0), limits).cpu().numpy()
        scores, phrases = found.scores[likely].float().cpu().numpy(), found.phrases[likely].cpu().numpy()
        kept = [k for k in suppress(boxes, scores, phrases, self._overlap) if shows_data(boxes[k], valid)]
        masks = [None if found.masks is None else self._mask(found.masks[likely[k]], valid) for k in kept]
        return [
            Detection(int(phrases[k]), float(scores[k]), boxes[k], mask)
            for k, mask in zip(kept, masks, strict=True)
            if mask is None or mask.any()
        ]

    def _mask(self, low: Tensor, valid: Mask) -> Mask:
        full = nn.functional.interpolate(low[None, None].float(), valid.shape, mode="bilinear")[0, 0]
        return np.asarray((full > MASK_THRESHOLD).cpu().numpy() & valid)


def normalised(pixels: Image, shown: Mask, statistics: Normalisation, device: torch.device) -> Tensor:
    """Return (1, 3, height, width) float32 on `device`; 0 where nothing is shown."""
    mean, std = (torch.tensor(v, device=device).view(1, 3, 1, 1) * 255 for v in (statistics.mean, statistics.std))
    values = torch.from_numpy(pixels).to(device).permute(2, 0, 1)[None].float()
    return (values - mean) / std * torch.from_numpy(shown).to(device)


def corners(boxes: Tensor, width: int, height: int) -> Tensor:
    """Return (n, 4) pixels x0, y0, x1, y1 of relative boxes given by centre and size."""
    centre, half = boxes[:, :2], boxes[:, 2:] / 2
    scale = torch.tensor([width, height] * 2, device=boxes.device, dtype=boxes.dtype)
    return torch.cat((centre - half, centre + half), 1) * scale


def shows_data(box: NDArray[np.float32], valid: Mask) -> bool:
    """Return whether a box within the picture has an area and a pixel of data in it."""
    x0, y0 = np.floor(box[:2]).astype(int)
    x1, y1 = np.ceil(box[2:]).astype(int)
    return bool((box[2:] > box[:2]).all() and valid[y0:y1, x0:x1].any())
