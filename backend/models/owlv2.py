"""OWLv2: Minderer et al., Scaling Open-Vocabulary Object Detection, NeurIPS 2023 (arXiv:2306.09683). Input 960 or 1008.

Every patch of the picture is a box with an embedding; a phrase's score is its similarity with it. Pictures are
padded to a square with black, as OWLv2 was trained; phrases are read one by one, so that any number costs little.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import Owlv2ForObjectDetection

from backend.device import ComputeDevice

from . import phrase_tokens
from .detector_preprocess import square_floats
from .fallback_detector import FallbackDetector
from .segmenter import Image, Mask
from .spec import ModelSpec
from .torch_detector import Found, TorchDetector, corners
from .torch_runtime import cast_parameters, from_folder


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackDetector:
    """Return OWLv2 with the weights in `folder`."""
    return FallbackDetector(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> Owlv2Detector:
    """Return OWLv2 on exactly `device`."""
    model = from_folder(Owlv2ForObjectDetection, folder)
    return Owlv2Detector(model, phrase_tokens.from_folder(folder), spec, device)


class Owlv2Detector(TorchDetector[Tensor]):
    """OWLv2. Only the vision tower runs in the device's own type: boxes in 16 bits are off by pixels."""

    def __init__(self, model: Any, tokenizer: Tokenizer, spec: ModelSpec, device: ComputeDevice) -> None:
        super().__init__(model, spec, device, model.config.vision_config.image_size)
        self._tokenizer = tokenizer
        self._tower = self._model.owlv2.vision_model
        cast_parameters(self._tower, self._dtype)

    def _read(self, phrases: list[str]) -> Tensor:
        """Return the phrases' embeddings (1, phrases, d)."""
        most = self._model.config.text_config.max_position_embeddings
        vectors = []
        for phrase in phrases:
            ids = torch.tensor([phrase_tokens.clip_tokens(self._tokenizer, phrase, most)], device=self._device)
            vectors.append(self._model.owlv2.get_text_features(ids).pooler_output)
        return torch.cat(vectors)[None]

    def _find(self, image: Image, valid: Mask, texts: Tensor) -> Found:
        pixels = torch.from_numpy(square_floats(image, valid, self.input_size))
        hidden = self._tower(pixels.to(self._device, self._dtype)).last_hidden_state
        features = self._merged(hidden)
        patches = features.shape[1]
        grid = features.view(1, self._model.num_patches_height, -1, features.shape[2])
        boxes = self._model.box_predictor(features, grid)[0]
        logits, _ = self._model.class_predictor(features, texts)
        scores, phrases = logits[0].view(patches, -1).sigmoid().max(1)
        longest = max(valid.shape)
        return Found(corners(boxes, longest, longest), scores, phrases)

    def _merged(self, hidden: Tensor) -> Tensor:
        """Return the patches' features (1, patches, d) in float32: normalised, times the class token's."""
        normal = self._tower.post_layernorm(hidden).float()
        merged: Tensor = self._model.layer_norm(normal[:, 1:] * normal[:, :1])
        return merged
