"""SAM 3's detector: Carion et al., SAM 3: Segment Anything with Concepts, 2025. Input 1008; a phrase to instances.

The published weights also hold the tracker (`sam3_tracker`), which is left unread here. They are gated and under the
SAM License. A phrase's instances are scored by how well each fits, times whether the phrase is there at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import Sam3Model

from backend.device import ComputeDevice

from . import phrase_tokens
from .detector_preprocess import shown_bytes
from .fallback_detector import FallbackDetector
from .segmenter import Image, Mask
from .spec import ModelSpec, Normalisation
from .torch_detector import Found, TorchDetector, normalised
from .torch_runtime import cast_parameters, from_folder

HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackDetector:
    """Return SAM 3's detector with the weights in `folder`."""
    return FallbackDetector(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> Sam3Detector:
    """Return SAM 3's detector on exactly `device`."""
    return Sam3Detector(from_folder(Sam3Model, folder), phrase_tokens.from_folder(folder), spec, device)


class Sam3Detector(TorchDetector[list[Any]]):
    """SAM 3 without its tracker. Only the vision encoder runs in the device's own type."""

    def __init__(self, model: Any, tokenizer: Tokenizer, spec: ModelSpec, device: ComputeDevice) -> None:
        super().__init__(model, spec, device, model.config.image_size)
        self._tokenizer = tokenizer
        cast_parameters(self._model.vision_encoder, self._dtype)

    def _read(self, phrases: list[str]) -> list[Any]:
        """Return each phrase's features, as the class takes them."""
        most = self._model.config.text_config.max_position_embeddings
        ids = [phrase_tokens.clip_tokens(self._tokenizer, phrase, most) for phrase in phrases]
        return [self._model.get_text_features(torch.tensor([row], device=self._device)) for row in ids]

    def _find(self, image: Image, valid: Mask, texts: list[Any]) -> Found:
        seen = self._see(image, valid)
        answers = [self._ask(seen, text, number) for number, text in enumerate(texts)]
        boxes, scores, phrases, masks = (torch.cat(parts) for parts in zip(*answers, strict=True))
        height, width = valid.shape
        return Found(boxes * torch.tensor([width, height] * 2, device=self._device), scores, phrases, masks)

    def _ask(self, seen: Any, text: Any, number: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return a phrase's relative boxes, scores, numbers and masks; the unlikely ones would only take memory."""
        answer = self._model(vision_embeds=seen, text_embeds=text)
        scores = answer.pred_logits[0].sigmoid() * answer.presence_logits[0].sigmoid()
        likely = scores >= self._floor
        numbers = torch.full_like(scores, number, dtype=torch.long)
        found = (answer.pred_boxes[0], scores, numbers, answer.pred_masks[0])
        boxes, scores, numbers, masks = (part[likely] for part in found)
        return boxes, scores, numbers, masks.sigmoid()

    def _see(self, image: Image, valid: Mask) -> Any:
        """Return the picture's features in float32, with positions computed in it."""
        pixels, shown = shown_bytes(image, valid, (self.input_size, self.input_size))
        encoder = self._model.vision_encoder
        seen = encoder(normalised(pixels, shown, HALF, self._device).to(self._dtype))
        seen.fpn_hidden_states = tuple(level.float() for level in seen.fpn_hidden_states)
        place = encoder.neck.position_encoding
        levels = seen.fpn_hidden_states
        seen.fpn_position_encoding = tuple(place(level.shape, level.device, level.dtype) for level in levels)
        return seen
