"""The click head's part of a training step: play a few clicks, learn from the first and from the last answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.models.mini_heads import ClickDecoder
from backend.models.mini_prompts import draw
from backend.training.clicks import Mask, Point, next_click, somewhere

ROUNDS = (1, 2, 3, 5)
ROUND_SHARES = (0.2, 0.25, 0.3, 0.25)
AGREED, BEST, ALL = 0.7, 0.25, 0.05


@dataclass
class Play:
    """One object being clicked on: which crop, its mask, and the prompts so far."""

    crop: int
    mask: Mask
    half: Mask
    points: list[Point]
    box: NDArray[np.float32] | None


def start(crop: int, mask: Mask, drawn: np.random.Generator) -> Play:
    """Return a play whose first prompt is a middle click, a loose click, or a box."""
    half = mask[::2, ::2]
    kind, box, points = drawn.random(), None, []
    if kind < 0.12:
        rows, columns = np.nonzero(mask)
        edges = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float32)
        jitter = drawn.normal(0, 0.04, 4) * np.tile([np.ptp(columns) + 1, np.ptp(rows) + 1], 2)
        box = (edges + jitter).astype(np.float32)
    elif kind < 0.3:
        points = [somewhere(mask, drawn)]
    else:
        points = [next_click(mask, np.zeros_like(mask))]
    return Play(crop, mask, half, points, box)


def click_loss(
    decoder: ClickDecoder, features: tuple[Tensor, Tensor, Tensor], plays: list[Play], drawn: np.random.Generator
) -> tuple[Tensor, dict[str, float]]:
    """Return the loss of first and last answers, and IoUs for the log."""
    coarse, fine, similar = features
    device = similar.device
    at = torch.tensor([play.crop for play in plays]).to(device)
    likeness = similar.detach().float().cpu().numpy()
    truth = torch.from_numpy(np.stack([play.half for play in plays])).to(device).float()
    rounds = int(drawn.choice(ROUNDS, p=ROUND_SHARES))
    previous: NDArray[np.float32] | None = None
    total, log = torch.zeros((), device=device), {}
    for turn in range(rounds):
        learns = turn in (0, rounds - 1)
        drawings = np.stack([_maps(p, likeness[p.crop], previous, i) for i, p in enumerate(plays)])
        maps = torch.from_numpy(drawings).to(device)
        with torch.set_grad_enabled(learns), torch.autocast(device.type, torch.bfloat16):
            inside = _with_gradient(maps, plays, similar) if learns else maps
            logits, scores = decoder(coarse[at], fine[at], inside)
        logits, scores = logits.float(), scores.float()
        if learns:
            total = total + answer_loss(logits, scores, truth)
        agreed = logits.detach().mean(1)
        log[f"iou{turn + 1}"] = float(overlap(agreed[:, None] > 0, truth)[:, 0].mean())
        if turn + 1 < rounds:
            previous = torch.nn.functional.avg_pool2d(agreed[:, None], 2)[:, 0].cpu().numpy()
            for play, answer in zip(plays, (agreed > 0).cpu().numpy(), strict=True):
                x, y, label = next_click(play.half, answer)
                play.points.append((2 * x, 2 * y, label))
    return total / min(rounds, 2), log


def _maps(
    play: Play, similar: NDArray[np.float32], previous: NDArray[np.float32] | None, index: int
) -> NDArray[np.float32]:
    points = np.array([p[:2] for p in play.points], np.float32).reshape(-1, 2)
    labels = np.array([p[2] for p in play.points], np.int32)
    return draw(points, labels, play.box, None if previous is None else previous[index], similar)


def _with_gradient(maps: Tensor, plays: list[Play], similar: Tensor) -> Tensor:
    """Return the maps with likeness to the positive clicks computed again, so that the features learn from it."""
    rows = []
    for index, play in enumerate(plays):
        positive = [(int(y / 4), int(x / 4)) for x, y, label in play.points if label]
        features = similar[play.crop].float()
        if not positive:
            rows.append(maps[index, 6])
            continue
        clicked = torch.stack([features[:, r, c] for r, c in positive])
        rows.append(torch.einsum("pc,chw->phw", clicked, features).amax(0))
    return torch.cat([maps[:, :6], torch.stack(rows)[:, None], maps[:, 7:]], 1)


def answer_loss(logits: Tensor, scores: Tensor, truth: Tensor) -> Tensor:
    """Return the loss of three candidates and of their mean, which is what a person gets; scores learn the IoU."""
    masks = torch.cat([logits, logits.mean(1, keepdim=True)], 1)
    wanted = truth[:, None].expand_as(masks)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(masks, wanted, reduction="none").mean((2, 3))
    p = torch.sigmoid(masks)
    both = (p * wanted).sum((2, 3))
    missing = 1 - (both + 1) / (p.sum((2, 3)) + wanted.sum((2, 3)) - both + 1)
    each = 2 * entropy + missing
    quality = torch.nn.functional.mse_loss(scores, overlap(masks.detach() > 0, truth))
    candidates, agreed = each[:, :-1], each[:, -1]
    return AGREED * agreed.mean() + BEST * candidates.amin(1).mean() + ALL * candidates.mean() + 2 * quality


def overlap(masks: Tensor, truth: Tensor) -> Tensor:
    """Return IoU (n, k) of boolean masks (n, k, h, w) with truth (n, h, w)."""
    wanted = truth[:, None] > 0.5
    return (masks & wanted).sum((2, 3)).float() / (masks | wanted).sum((2, 3)).clamp_min(1).float()
