"""Where a vision transformer looks for a phrase: attention weighted by the gradient of their agreement.

GeoMag (arXiv 2507.05887), after Chefer et al. (arXiv 2103.15679): ReLU(dS / dA) * A, averaged over heads, queries and
layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .clip_vision import PatchTower


def attention_relevance(score: Tensor, attentions: Sequence[Tensor], shape: tuple[int, int], prefix: int = 1) -> Tensor:
    """Return the map (rows, columns), 0 and above, of how much attention to each patch raises `score`.

    Args:
        score: a number made from `attentions`, whose graph is kept.
        attentions: one (1, heads, tokens, tokens) a layer, softmaxed; rows attend to columns.
        shape: rows and columns of patches.
        prefix: tokens before the patches (class and register tokens).
    """
    gradients = torch.autograd.grad(score, list(attentions), retain_graph=True, allow_unused=True)
    layers = [
        (gradient.relu() * attention).mean((0, 1, 2)).detach().float()
        for gradient, attention in zip(gradients, attentions, strict=True)
        if gradient is not None
    ]
    return torch.stack(layers).mean(0)[prefix:].reshape(shape)


def clip_relevance(tower: PatchTower, pixels: Tensor, questions: Tensor) -> Tensor:
    """Return the relevance (rows, columns) of the patches of one picture (1, 3, h, w) to the best of the questions.

    A question (one of the rows of (n, channels)) is what the logit of the whole picture is linear in. Its map is the
    probability of that logit where attention raises it most and less elsewhere, so that pictures can be compared: where
    nothing speaks for a phrase all of it is near 0.
    """
    shape = pixels.shape[2] // tower.patch, pixels.shape[3] // tower.patch
    with torch.enable_grad(), _kept(tower.vision.config):
        picture = pixels.detach().requires_grad_()
        found = tower.vision(pixel_values=picture, output_attentions=True, interpolate_pos_encoding=True)
        whole = nn.functional.normalize(tower.projection(found.pooler_output)[0].float(), dim=0)
        logits = questions @ whole
        maps = [attention_relevance(logit, found.attentions, shape) for logit in logits]
    likely = logits.detach().sigmoid()
    weighed = [chance * one / one.max().clamp(min=1e-12) for chance, one in zip(likely, maps, strict=True)]
    return torch.stack(weighed).amax(0)


@contextmanager
def _kept(config: Any) -> Iterator[None]:
    """Attend so that the matrices are kept: fused attention has none."""
    before = config._attn_implementation
    config._attn_implementation = "eager"
    try:
        yield
    finally:
        config._attn_implementation = before
