"""A norm of each place's channels."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

EPSILON = 1e-6


class ChannelNorm(nn.Module):
    """Layer norm of maps (n, width, h, w), at each place by itself."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, here: Tensor) -> Tensor:
        """Return maps of the same shape."""
        return F.layer_norm(here.movedim(1, -1), self.weight.shape, self.weight, self.bias, EPSILON).movedim(-1, 1)
