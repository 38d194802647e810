"""Sums over the neighbours of every pixel, one shift at a time."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

BAND = 1 << 18
"""Numbers summed at once: what a processor's cache holds beside its inputs."""


def reflected(values: Tensor, side: int) -> Tensor:
    """Return (1, channels, height, width) with its edges mirrored by half of `side`."""
    return nn.functional.pad(values, [side // 2] * 4, mode="reflect")


def shifts(padded: Tensor, side: int) -> Iterator[Tensor]:
    """Yield the `side` * `side` neighbours of every pixel as views, rows first."""
    for row in range(side):
        for column in range(side):
            # ends counted from the end: a traced graph then fits any size
            yield padded[..., row : row + 1 - side or None, column : column + 1 - side or None]


def weighted_sum(padded: Tensor, kernel: Tensor, side: int) -> Tensor:
    """Return (1, channels, height, width) of `padded` by `kernel` (1, side * side, height, width)."""
    if torch.onnx.is_in_onnx_export() or torch.is_grad_enabled() or padded.is_cuda:
        return _sum(padded, kernel, side)
    channels, height, width = padded.shape[1], *kernel.shape[-2:]
    total = padded.new_empty(1, channels, height, width)
    rows = max(1, BAND // (channels * width))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        part = padded[..., top : bottom + side - 1, :]
        total[..., top:bottom, :] = _sum(part, kernel[..., top:bottom, :], side)
    return total


def _sum(padded: Tensor, kernel: Tensor, side: int) -> Tensor:
    total = torch.zeros_like(padded[..., : 1 - side, : 1 - side])
    for number, near in enumerate(shifts(padded, side)):
        total = torch.addcmul(total, near, kernel[:, number : number + 1])
    return total
