"""SigLIP 2 as an embedder whose vectors, of pictures and of patches, are compared with those of phrases.

Tschannen et al., SigLIP 2, 2025 (arXiv:2502.14786). Its picture's vector is a learnt question to all patches
(attention pooling), and no projection leads from a patch to the space of text. Here the same pooling is asked of each
patch alone, which is what it would say of a picture made of that patch: a choice of ours, nothing of it is trained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import SiglipModel

from backend.device import ComputeDevice
from backend.errors import BadInput
from backend.protocol import codes

from . import phrase_tokens
from .embedder import Floats
from .spec import ModelSpec
from .torch_embedder import FallbackTextEmbedder, Form, TorchEmbedder, as_map
from .torch_runtime import from_folder

SENTENCES = ("{}", "a photo of {}.", "a satellite photo of {}.")
END, PADDING = "<eos>", "<pad>"


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackTextEmbedder:
    """Return SigLIP 2 with the weights in `folder`."""
    return FallbackTextEmbedder(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> SiglipEmbedder:
    """Return SigLIP 2 on exactly `device`."""
    return SiglipEmbedder(from_folder(SiglipModel, folder), phrase_tokens.from_folder(folder), spec, device)


class SiglipEmbedder(TorchEmbedder):
    """SigLIP 2; its text tower stays in float32. It reads many languages."""

    def __init__(self, model: Any, tokenizer: Tokenizer, spec: ModelSpec, device: ComputeDevice) -> None:
        side = model.config.vision_config.image_size
        super().__init__(SiglipTokens(model.vision_model), Form.of(spec, side, "bilinear"), spec, device)
        self._tokenizer = tokenizer
        self._tower: Any = model.text_model.to(self._device)
        self._scale, self._bias = float(model.logit_scale.exp()), float(model.logit_bias)

    @torch.inference_mode()
    def phrases(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, width): the mean of three sentences each. Raises BadInput, PROMPT_INVALID."""
        rows = [self._ids(sentence.format(phrase)) for phrase in phrases for sentence in SENTENCES]
        vectors = self._tower(input_ids=torch.tensor(rows, device=self._device)).pooler_output.float()
        units = nn.functional.normalize(vectors, dim=1).reshape(len(phrases), len(SENTENCES), -1)
        found: Floats = nn.functional.normalize(units.mean(1), dim=1).cpu().numpy()
        return found

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return SigLIP's own logits (n, h, w) of unit vectors (width, h, w): above 0 it says yes rather than no."""
        return np.asarray(self._scale * np.tensordot(phrases, dense, axes=1) + self._bias, np.float32)

    def close(self) -> None:
        """Free the weights."""
        self._tower = None
        super().close()

    def _ids(self, sentence: str) -> list[int]:
        """Return the ids of a sentence as SigLIP 2 was trained: lower case, an end, padding on the right."""
        most = self._tower.config.max_position_embeddings
        ids = list(self._tokenizer.encode(sentence.lower(), add_special_tokens=False).ids)
        if len(ids) >= most:
            detail = f"The phrase {sentence[:40]!r} has {len(ids)} tokens and SigLIP 2 reads {most - 1}; shorten it."
            raise BadInput(codes.PROMPT_INVALID, detail)
        end, padding = (phrase_tokens.token_id(self._tokenizer, token) for token in (END, PADDING))
        return [*ids, end, *[padding] * (most - len(ids) - 1)]


class SiglipTokens(nn.Module):
    """Normalised pixels to the pooled vector, or to that of each patch alone."""

    def __init__(self, vision: Any) -> None:
        super().__init__()
        self.vision = vision
        self.patch: int = vision.config.patch_size
        self.width = self.dense_width = int(vision.config.hidden_size)

    def pooled(self, pixels: Tensor) -> Tensor:
        """Return (n, width)."""
        found: Tensor = self.vision(pixels, interpolate_pos_encoding=True).pooler_output
        return found

    def patches(self, pixels: Tensor) -> Tensor:
        """Return (n, width, h / patch, w / patch)."""
        tokens = self.vision(pixels, interpolate_pos_encoding=True).last_hidden_state
        alone = self.vision.head(tokens.flatten(0, 1)[:, None]).reshape(tokens.shape)
        return as_map(alone, pixels.shape[2] // self.patch)
