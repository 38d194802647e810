"""Grounding DINO: Liu et al., Grounding DINO, ECCV 2024 (arXiv:2303.05499). Shorter side 800, longer at most 1333.

The phrases are read as one text, "tree . parked car .", whose parts do not see each other; each box has a score for
every token. A phrase's score is that of its best token; a box belongs to its best phrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import GroundingDinoForObjectDetection

from backend.device import ComputeDevice

from . import phrase_tokens
from .detector_preprocess import aspect_size, shown_bytes
from .fallback_detector import FallbackDetector
from .segmenter import Image, Mask
from .spec import IMAGENET, ModelSpec
from .torch_detector import Found, TorchDetector, corners, normalised
from .torch_runtime import from_folder

LONGEST = 1333 / 800
OWN_ATTENTION = None
"""Each part of the network chooses: its own attention has no "sdpa", and with "eager" the text tower adds the mask that
keeps phrases apart as a number, so that they are not apart (transformers 5.23)."""
BEGINNING, END, BREAKS = "[CLS]", "[SEP]", (".", "?")


@dataclass
class Batch:
    """Phrases that fit into one text.

    Attributes:
        ids: (1, tokens).
        spans: (phrases, tokens) bool, each phrase's own tokens.
        first: index of the first of these phrases among all.
    """

    ids: Tensor
    spans: Tensor
    first: int


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackDetector:
    """Return Grounding DINO with the weights in `folder`."""
    return FallbackDetector(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> GroundingDetector:
    """Return Grounding DINO on exactly `device`."""
    model = from_folder(GroundingDinoForObjectDetection, folder, OWN_ATTENTION)
    return GroundingDetector(model, phrase_tokens.from_folder(folder), spec, device)


class GroundingDetector(TorchDetector[list[Batch]]):
    """Grounding DINO and the models built like it. It stays in float32: boxes in 16 bits are off by pixels."""

    def __init__(self, model: Any, tokenizer: Tokenizer, spec: ModelSpec, device: ComputeDevice) -> None:
        super().__init__(model, spec, device, spec.input_size)
        self._tokenizer = tokenizer
        self._most: int = self._model.config.max_text_len

    def _read(self, phrases: list[str]) -> list[Batch]:
        """Return the phrases in as few texts as hold them whole."""
        tokens = [phrase_tokens.plain_tokens(self._tokenizer, phrase.lower()) for phrase in phrases]
        room = self._most - 2
        for phrase, ids in zip(phrases, tokens, strict=True):
            if len(ids) + 1 > room:
                raise phrase_tokens.too_long(phrase, len(ids), room - 1)
        groups = phrase_tokens.packed([len(ids) + 1 for ids in tokens], room)
        return [self._batch([tokens[k] for k in group], group[0]) for group in groups]

    def _batch(self, phrases: list[list[int]], first: int) -> Batch:
        beginning, end, *breaks = (
            phrase_tokens.token_id(self._tokenizer, token) for token in (BEGINNING, END, *BREAKS)
        )
        ids, owners = [beginning], [-1]
        for owner, tokens in enumerate(phrases):
            ids += [*tokens, breaks[0]]
            owners += [-1 if token in breaks else owner for token in tokens] + [-1]
        spans = torch.tensor([*owners, -1]) == torch.arange(len(phrases))[:, None]
        return Batch(torch.tensor([[*ids, end]], device=self._device), spans.to(self._device), first)

    def _find(self, image: Image, valid: Mask, texts: list[Batch]) -> Found:
        height, width = valid.shape
        size = aspect_size((height, width), self.input_size, int(self.input_size * LONGEST))
        pixels = normalised(*shown_bytes(image, valid, size), IMAGENET, self._device)
        answers = [self._ask(pixels, batch) for batch in texts]
        boxes, scores, phrases = (torch.cat(parts) for parts in zip(*answers, strict=True))
        return Found(corners(boxes, width, height), scores, phrases)

    def _ask(self, pixels: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return relative boxes (n, 4), scores (n,) and phrases (n,)."""
        output = self._model(pixel_values=pixels, input_ids=batch.ids)
        tokens = output.logits[0, :, : batch.spans.shape[1]].sigmoid()
        scores, phrases = torch.where(batch.spans, tokens[:, None], 0).amax(2).max(1)
        return output.pred_boxes[0], scores, phrases + batch.first
