"""The pixel decoder's losses: entropy and Dice as GeoPixel weighs them, a softmax of classes, scenes of whole chips."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.training.pictures import NOT_BUILDING
from backend.training.text_losses import CLASS_WEIGHTS, LABELLED

WEIGHTS = {"entropy": 2.0, "dice": 0.5, "classes": 0.6, "scenes": 0.15}
RAREST, RAREST_LATE = 5.0, 16.0
SOFTENED = 1.0


def pixel_loss(
    own: Tensor,
    strangers: Tensor,
    named: Tensor,
    truth: Tensor,
    care: Tensor,
    classes: Tensor,
    scenes: Tensor,
    late: bool,
) -> dict[str, Tensor]:
    """Return the losses by name.

    Args:
        own: (n, 6, h, w) logits of `CLASSES`.
        strangers: (n, phrases, h', w') logits of what is in no picture.
        named: (m, scenes, h', w') logits of the last m crops, which are mosaics, for the scenes' phrases.
        truth, care, classes: as `PixelBatch` has them.
        scenes: (m, chips of a mosaic) classes.
        late: whether yes and no count alike by now, so that what is above 0 is neither too little nor too much.
    """
    entropy = _balanced(own, truth, care, late) + torch.nn.functional.softplus(strangers).mean()
    losses = {"entropy": entropy, "dice": _dice(own, truth, care), "classes": _softmax(own[:, :LABELLED], classes)}
    return losses | ({"scenes": _scenes(named, scenes)} if len(scenes) else {})


def _balanced(logits: Tensor, truth: Tensor, care: Tensor, late: bool) -> Tensor:
    """Return the entropy; in each crop what a phrase rarely names weighs more: by how rare it is, or first its root."""
    yes, known = (truth * care).sum((2, 3), keepdim=True), care.sum((2, 3), keepdim=True)
    rare = (known - yes) / yes.clamp_min(1.0)
    rare = rare.clamp(1.0, RAREST_LATE) if late else rare.sqrt().clamp(1.0, RAREST)
    weights = care * (1 + (rare - 1) * truth)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    means = (entropy * weights).sum((2, 3)) / weights.sum((2, 3)).clamp_min(1.0)
    seen = care.amax((2, 3)) > 0
    return (means * seen).sum() / seen.sum().clamp_min(1)


def _dice(logits: Tensor, truth: Tensor, care: Tensor) -> Tensor:
    found = torch.sigmoid(logits)
    both = (found * truth * care).sum((2, 3))
    either = (found * found * care).sum((2, 3)) + (truth * truth * care).sum((2, 3))
    seen = ((truth * care).sum((2, 3)) > SOFTENED).float()
    values = 1 - (2 * both + SOFTENED) / (either + SOFTENED)
    return (values * seen).sum() / seen.sum().clamp_min(1)


def _softmax(logits: Tensor, classes: Tensor) -> Tensor:
    """Return the softmax loss of Dubai's classes; what is no building is any class but that."""
    rows = logits.permute(0, 2, 3, 1)
    labelled, other = rows[classes < LABELLED], rows[classes == NOT_BUILDING]
    loss = logits.new_zeros(())
    if len(labelled):
        values = classes[classes < LABELLED].long()
        loss = loss + torch.nn.functional.cross_entropy(labelled, values, CLASS_WEIGHTS.to(logits.device))
    if len(other):
        loss = loss + (torch.logsumexp(other, 1) - torch.logsumexp(other[:, 1:], 1)).mean()
    return loss


def _scenes(logits: Tensor, scenes: Tensor) -> Tensor:
    """Return the softmax loss of chips' mean logits."""
    chips = round(scenes.shape[1] ** 0.5)
    means = torch.nn.functional.adaptive_avg_pool2d(logits, chips).flatten(2).transpose(1, 2)
    return torch.nn.functional.cross_entropy(means.reshape(-1, logits.shape[1]), scenes.reshape(-1))
