"""The head that finds change, in torch: only training and export need it; the backend runs the exported graph.

Siamese as ChangeStar (Zheng et al., ICCV 2021): each date's features give its classes, both dates' give the change.
What is made of the two is their difference and their sum, so that change does not depend on which picture is first.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.models import oem
from backend.models.mini_change import KINDS, LEVELS
from backend.models.mini_fusion import WIDTHS
from backend.models.mini_heads import FINE

LEVEL_WIDTHS = (WIDTHS[0], FINE, *WIDTHS[1:])
STRIDE = 4
WIDTH, MIDDLE = 32, 30
LEAST_SPREAD = 0.3
"""Of a level's mean spread, below which no feature's is taken."""


class ChangeHead(nn.Module):
    """Mini's features of two dates, in the order of `LEVELS`, to logits of change and of both dates' classes."""

    def __init__(self) -> None:
        super().__init__()
        widths = (WIDTHS[0] + FINE, *WIDTHS[1:])
        for index, width in enumerate(widths):
            self.register_buffer(f"middle{index}", torch.zeros(width))
            self.register_buffer(f"spread{index}", torch.ones(width))
        self.enter = nn.ModuleList(nn.Conv2d(width, WIDTH, 1) for width in widths)
        self.mix = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 3, 1, 1) for _ in widths)
        self.look = nn.Conv2d(WIDTH, WIDTH, 3, 1, 1)
        self.name = nn.Conv2d(WIDTH, len(oem.NAMES), 1)
        self.meet = nn.Conv2d(2 * WIDTH + len(oem.NAMES), MIDDLE, 3, 1, 1)
        self.weigh = nn.Conv2d(MIDDLE, WIDTH, 3, 1, 1)
        self.kind = nn.Conv2d(WIDTH, len(KINDS), 1)

    def forward(self, before: list[Tensor], after: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits at stride 4: of the kinds of change (n, 3, h, w), of the classes (n, 9, h, w) before and after.

        Of all classes unknown is never told: what there is has one of the others.
        """
        first, second = self.date(before), self.date(after)
        was, now = self.classes(first), self.classes(second)
        apart = (was.softmax(1) - now.softmax(1)).abs()
        both = torch.relu(self.meet(torch.cat([(first - second).abs(), first + second, apart], 1)))
        kinds: Tensor = self.kind(torch.relu(self.weigh(both)))
        return kinds, was, now

    def date(self, levels: list[Tensor]) -> Tensor:
        """Return what one date's features hold for each place, (n, 32, h, w) at stride 4."""
        joined = [torch.cat(levels[:2], 1), *levels[2:]]
        here = torch.zeros(())
        for index in (3, 2, 1, 0):
            middle, spread = (getattr(self, f"{name}{index}")[:, None, None] for name in ("middle", "spread"))
            entered = self.enter[index]((joined[index] - middle) / spread)
            here = entered if index == 3 else entered + _larger(here, 2)
            here = here + torch.relu(self.mix[index](torch.relu(here)))
        return here

    def classes(self, date: Tensor) -> Tensor:
        """Return logits (n, 9, h, w) of one date's classes."""
        logits: Tensor = self.name(torch.relu(self.look(torch.relu(date))))
        return torch.cat([torch.full_like(logits[:, :1], -20.0), logits[:, 1:]], 1)

    @torch.no_grad()
    def measure(self, levels: list[Tensor]) -> None:
        """Take mean and spread of each feature from pictures like those that will come.

        What hardly varies in these may do so in others: it is not blown up.
        """
        for index, level in enumerate([torch.cat(levels[:2], 1), *levels[2:]]):
            spread = level.std((0, 2, 3))
            getattr(self, f"middle{index}").copy_(level.mean((0, 2, 3)))
            getattr(self, f"spread{index}").copy_(spread.clamp_min(float(spread.mean()) * LEAST_SPREAD))


def _larger(x: Tensor, factor: int) -> Tensor:
    return nn.functional.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)


class Probabilities(nn.Module):
    """What ships: probabilities of every pixel, from the features of both dates one after another."""

    def __init__(self, head: ChangeHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, *levels: Tensor) -> tuple[Tensor, ...]:
        """Return change (n, 3, h, w), before and after (n, 9, h, w) at stride 1."""
        logits = self.head(list(levels[: len(LEVELS)]), list(levels[len(LEVELS) :]))
        return tuple(_larger(maps, STRIDE).softmax(1) for maps in logits)
