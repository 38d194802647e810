"""Words against pixels: each class by one of its phrases, beside phrases that name nothing in the picture."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.models.mini_heads import TextHead
from backend.training.phrases import ABSENT, CLASSES, SCENES, TEMPLATES, TRAINED
from backend.training.pictures import NOT_BUILDING

NOISE = 0.02
STRANGERS = 8
CLASS_WEIGHTS = torch.tensor([1.3, 0.8, 1.3, 1.2, 1.2])
LABELLED = len(CLASS_WEIGHTS)


class PhraseBook:
    """Vectors of every phrase under every template, and draws from them."""

    def __init__(
        self, vectors: dict[str, Tensor], drawn: np.random.Generator, device: torch.device | str = "cpu"
    ) -> None:
        self._vectors, self._drawn, self._device = {k: v.numpy() for k, v in vectors.items()}, drawn, device

    def _one(self, phrases: tuple[str, ...]) -> NDArray[np.float32]:
        phrase = phrases[int(self._drawn.integers(len(phrases)))]
        template = TEMPLATES[int(self._drawn.integers(len(TEMPLATES)))]
        vector = self._vectors[template.format(phrase)]
        noisy = vector + self._drawn.normal(0, NOISE, vector.shape).astype(np.float32)
        unit: NDArray[np.float32] = noisy / np.linalg.norm(noisy)
        return unit

    def step(self) -> Tensor:
        """Return one phrase a class, then strangers."""
        known = [self._one(TRAINED[name]) for name in CLASSES]
        return self._rows([*known, *(self._one(ABSENT) for _ in range(STRANGERS))])

    def scenes(self) -> Tensor:
        """Return one phrase a scene class of EuroSAT."""
        return self._rows([self._one(phrases) for phrases in SCENES.values()])

    def _rows(self, vectors: list[NDArray[np.float32]]) -> Tensor:
        return torch.from_numpy(np.stack(vectors)).to(self._device)


def all_sentences() -> list[str]:
    """Return every sentence a draw may need."""
    phrases = [p for group in (*TRAINED.values(), *SCENES.values(), ABSENT) for p in group]
    return sorted({template.format(phrase) for phrase in phrases for template in TEMPLATES})


def truth_table() -> Tensor:
    """Return (256, 6): is a pixel of this value named by this class's phrase? 1 yes, 0 no, -1 unknown."""
    table = torch.full((256, len(CLASSES)), -1.0)
    table[:5, :5] = torch.eye(5)
    table[:5, 5] = torch.tensor([0.0, 0.0, 0.0, -1.0, 0.0])
    table[5] = torch.tensor([0.0, 0.0, 0.0, 1.0, 0.0, 1.0])
    table[NOT_BUILDING, 0] = 0.0
    return table


def text_loss(head: TextHead, vectors: Tensor, phrases: Tensor, classes: Tensor, table: Tensor) -> Tensor:
    """Return the loss of hidden features (n, 64, h, w) for class values (n, h, w) at the same stride.

    Each crop's yes, no and stranger pixels count alike, so that the few things known of one kind of picture (Banepa:
    building or not) are not lost among the many known of another.
    """
    logits = head.logits(vectors, phrases)
    known = table[classes.long()].permute(0, 3, 1, 2)
    target = torch.cat([known, known.new_zeros(len(logits), STRANGERS, *logits.shape[2:])], 1)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target.clamp_min(0), reduction="none")
    count = len(CLASSES)
    yes = _mean_of_crops(entropy[:, :count], known == 1)
    no = _mean_of_crops(entropy[:, :count], known == 0)
    return yes + no + entropy[:, count:].mean() + _one_of_classes(logits[:, :LABELLED], classes)


def _mean_of_crops(values: Tensor, chosen: Tensor) -> Tensor:
    """Return the mean over crops of the mean over a crop's chosen values; crops without any do not count."""
    numbers = chosen.sum((1, 2, 3))
    means = (values * chosen).sum((1, 2, 3)) / numbers.clamp_min(1)
    return means.sum() / (numbers > 0).sum().clamp_min(1)


def _one_of_classes(logits: Tensor, classes: Tensor) -> Tensor:
    """Return the softmax loss of Dubai's classes; what is no building is any class but that."""
    labelled, other = classes < LABELLED, classes == NOT_BUILDING
    loss = logits.new_zeros(())
    rows = logits.permute(0, 2, 3, 1)
    if labelled.any():
        weights = CLASS_WEIGHTS.to(rows.device)
        loss = loss + torch.nn.functional.cross_entropy(rows[labelled], classes[labelled].long(), weights)
    if other.any():
        loss = loss + (torch.logsumexp(rows[other], 1) - torch.logsumexp(rows[other][:, 1:], 1)).mean()
    return loss


def scene_loss(head: TextHead, vectors: Tensor, phrases: Tensor, classes: Tensor) -> Tensor:
    """Return the loss of whole chips against the phrases of their scene class."""
    pooled = head.unit(vectors.mean((2, 3), keepdim=True))
    return torch.nn.functional.cross_entropy(head.logits(pooled, phrases)[:, :, 0, 0], classes)
