"""What the decoders of SAM, SAM-HQ, SAM 2.1 and SAM 3's tracker share: they are built of the same two modules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor, nn


class PromptDecoder(nn.Module, ABC):
    """Features and prompt tokens to masks; the tokens are those of `preprocess.prompt_tokens`."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.prompt_encoder = model.prompt_encoder
        self.mask_decoder = model.mask_decoder
        self.register_buffer("positions", model.get_image_wide_positional_embeddings(), persistent=False)

    def forward(
        self, features: tuple[Tensor, ...], coords: Tensor, labels: Tensor, mask: Tensor | None, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Return (prompts, masks, height, width) logits and (prompts, masks) estimated IoU.

        `coords` (1, prompts, tokens, 2) and `labels` (1, prompts, tokens) ask for an object each; `mask` is
        (1, 1, h, w) logits or None. `several` asks for the three masks of ambiguous prompts instead of the single one.
        """
        dense = self.no_mask() if mask is None else self.prompt_encoder.mask_embed(mask)
        return self.masks(features, self.sparse(coords, labels), dense, several)

    def no_mask(self) -> Tensor:
        """Return the dense embedding that stands for "no earlier mask"."""
        weight: Tensor = self.prompt_encoder.no_mask_embed.weight
        return weight.view(1, -1, 1, 1)

    @abstractmethod
    def sparse(self, coords: Tensor, labels: Tensor) -> Tensor:
        """Return the tokens' embeddings (1, prompts, tokens, 256)."""

    @abstractmethod
    def masks(
        self, features: tuple[Tensor, ...], sparse: Tensor, dense: Tensor, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Return masks and scores for embedded prompts, as `forward` does."""
