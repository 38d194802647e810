"""Where a vision transformer looks for a phrase: attention weighted by the gradient of their agreement.

GeoMag (arXiv 2507.05887), after Chefer et al. (arXiv 2103.15679): ReLU(dS / dA) * A, averaged over heads, queries and
layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def attention_relevance(
    score: Tensor, attentions: Sequence[Tensor], shape: tuple[int, int], prefix: int = 1
) -> NDArray[np.float32]:
    """Return the map (rows, columns), 0 and above, of how much attention to each patch raises `score`.

    Args:
        score: a number made from `attentions` with its graph kept.
        attentions: one (1, heads, tokens, tokens) a layer, softmaxed; rows attend to columns.
        shape: rows and columns of patches.
        prefix: tokens before the patches (class and register tokens).
    """
    gradients = torch.autograd.grad(score, list(attentions), allow_unused=True)
    layers = [
        (gradient.relu() * attention).mean((0, 1, 2)).detach().float()
        for gradient, attention in zip(gradients, attentions, strict=True)
        if gradient is not None
    ]
    return np.asarray(torch.stack(layers).mean(0)[prefix:].reshape(shape).cpu().numpy(), np.float32)


def clip_relevance(vision: Any, pixels: Tensor, phrase: Tensor) -> NDArray[np.float32]:
    """Return the relevance map of one picture (1, 3, h, w) for a phrase's vector (d,).

    `vision` is a `CLIPVisionModelWithProjection` that attends eagerly: fused attention keeps no matrices.
    """
    with torch.enable_grad():
        picture = pixels.detach().requires_grad_()
        found = vision(pixel_values=picture, output_attentions=True, interpolate_pos_encoding=True)
        score = torch.nn.functional.cosine_similarity(found.image_embeds[0], phrase, dim=0)
        side = vision.config.patch_size
        return attention_relevance(score, found.attentions, (pixels.shape[2] // side, pixels.shape[3] // side))
