"""What the change head is trained for: kinds of change by entropy and Dice, classes of both dates by entropy."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.models import oem
from backend.training.change_pairs import BUILT, NO_DATA, NOT_BUILT

KIND_WEIGHTS = (1.0, 2.0, 1.5)
CLASS_WEIGHTS = (0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5)
WEIGHTS = {"kinds": 1.0, "dice": 0.7, "classes": 0.4}
FACTOR = 2
"""Logits of stride 4 are compared with labels at stride 2."""


def change_losses(logits: tuple[Tensor, Tensor, Tensor], kinds: Tensor, was: Tensor, now: Tensor) -> dict[str, Tensor]:
    """Return the losses of logits at stride 4 against labels (n, h, w) of every pixel."""
    found = [torch.nn.functional.interpolate(maps, scale_factor=float(FACTOR), mode="bilinear") for maps in logits]
    kinds, was, now = (maps[:, FACTOR // 2 :: FACTOR, FACTOR // 2 :: FACTOR] for maps in (kinds, was, now))
    weights = torch.tensor(KIND_WEIGHTS, device=kinds.device)
    chances = found[0].softmax(1)
    said = kinds.masked_fill(kinds == NOT_BUILT, NO_DATA)
    plain = torch.nn.functional.cross_entropy(found[0], said, weights, ignore_index=NO_DATA, reduction="sum")
    apart = -torch.log1p(-chances[:, BUILT].clamp_max(1 - 1e-4))[kinds == NOT_BUILT].sum()
    return {
        "kinds": (plain + apart) / (kinds != NO_DATA).sum().clamp_min(1),
        "dice": _dice(chances, kinds),
        "classes": _classes(found[1], was) + _classes(found[2], now),
    }


def total(losses: dict[str, Tensor]) -> Tensor:
    """Return the weighted sum."""
    return torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()


def _dice(found: Tensor, kinds: Tensor) -> Tensor:
    """Return 1 - Dice over the batch of each kind of change and of any change, the mean."""
    known, told = kinds < NOT_BUILT, kinds < NO_DATA
    parts = [(found[:, k], kinds == k, told if k == BUILT else known) for k in range(1, found.shape[1])]
    parts.append((1 - found[:, 0], (kinds > 0) & known, known))
    scores = [_overlap(p * m, (t & m).float()) for p, t, m in parts]
    return 1 - torch.stack(scores).mean()


def _overlap(found: Tensor, truth: Tensor) -> Tensor:
    return (2 * (found * truth).sum() + 1) / (found.sum() + truth.sum() + 1)


def _classes(found: Tensor, truth: Tensor) -> Tensor:
    if not bool((truth != oem.UNKNOWN).any()):
        return found.sum() * 0
    weights = torch.tensor(CLASS_WEIGHTS, device=found.device)
    return torch.nn.functional.cross_entropy(found, truth, weights, ignore_index=oem.UNKNOWN)
