"""The compressor of the Embed2Scale challenge (KTH and Friends, 2025): features of many embedders to one short vector.

A decoder that is only linear stands behind the code, so that whatever a linear probe reads in an embedder's features
it can read in the code.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

HIDDEN, WIDTH, DROPPED = 2048, 1024, 0.1


class Dropout(nn.Module):
    """Dropout whose draws are the CPU's, so that a seed means the same on either device."""

    def forward(self, values: Tensor) -> Tensor:
        """Return values, a tenth of them 0 and the rest as much larger while training."""
        if not self.training:
            return values
        return values * ((torch.rand(values.shape) >= DROPPED) / (1 - DROPPED)).to(values.device)


class CompressorNetwork(nn.Module):
    """LayerNorm, one hidden layer, the code, and a linear decoder for each embedder.

    The decoders are rows of one matrix: they share nothing, and every row belongs to one embedder's number.
    """

    def __init__(self, inputs: int, hidden: int = HIDDEN, width: int = WIDTH) -> None:
        """Take features of `inputs` numbers, those of all embedders and dates side by side."""
        super().__init__()
        self.norm = nn.LayerNorm(inputs)
        self.hidden = nn.Linear(inputs, hidden)
        self.code = nn.Linear(hidden, width)
        self.decoders = nn.Linear(width, inputs)
        self.drop = Dropout()

    def forward(self, features: Tensor) -> Tensor:
        """Return codes (n, width) of features (n, inputs)."""
        seen: Tensor = nn.functional.gelu(self.hidden(self.drop(self.norm(features))))
        code: Tensor = self.code(self.drop(seen))
        return code


def column_weights(owners: Sequence[int], widths: Sequence[int], weights: Sequence[float]) -> Tensor:
    """Return what each number's squared error weighs, so that their sum is the sum of w_k MSE_k over embedders k.

    `owners` says which embedder each input belongs to, `widths` its numbers, `weights` w_k.
    """
    counts = [sum(w for o, w in zip(owners, widths, strict=True) if o == k) for k in range(len(weights))]
    return torch.cat([torch.full((w,), weights[o] / counts[o]) for o, w in zip(owners, widths, strict=True)])
