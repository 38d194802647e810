"""What the change head is trained for: kinds of change by entropy and Dice, classes of both dates by entropy."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.models import oem

UNSAID = 255
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
    return {
        "kinds": torch.nn.functional.cross_entropy(found[0], kinds, weights, ignore_index=UNSAID),
        "dice": _dice(found[0].softmax(1), kinds),
        "classes": _classes(found[1], was) + _classes(found[2], now),
    }


def total(losses: dict[str, Tensor]) -> Tensor:
    """Return the weighted sum."""
    return torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()


def _dice(found: Tensor, kinds: Tensor) -> Tensor:
    """Return 1 - Dice over the batch of each kind of change and of any change, the mean."""
    known = (kinds != UNSAID).float()
    parts = [(found[:, k], (kinds == k).float()) for k in range(1, found.shape[1])]
    parts.append((1 - found[:, 0], ((kinds > 0) & (kinds != UNSAID)).float()))
    scores = [(2 * (p * t * known).sum() + 1) / ((p * known).sum() + (t * known).sum() + 1) for p, t in parts]
    return 1 - torch.stack(scores).mean()


def _classes(found: Tensor, truth: Tensor) -> Tensor:
    if not bool((truth != oem.UNKNOWN).any()):
        return found.sum() * 0
    weights = torch.tensor(CLASS_WEIGHTS, device=found.device)
    return torch.nn.functional.cross_entropy(found, truth, weights, ignore_index=oem.UNKNOWN)
