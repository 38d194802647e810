"""The change head's graph that ships: weights of 16 bits, arithmetic of 32."""

from __future__ import annotations

from pathlib import Path

import torch

from backend.models.mini_change import GRAPH, LEVELS
from backend.models.mini_change_network import LEVEL_WIDTHS, ChangeHead, Probabilities
from backend.training.export import round_weights, write_graph

CELLS = 64
SIDES = (CELLS, CELLS, CELLS // 2, CELLS // 4, CELLS // 8)
INPUTS = [f"{date}_{level}" for date in ("before", "after") for level in LEVELS]
OUTPUTS = ["change", "before", "after"]


def export(head: ChangeHead, out: Path) -> None:
    """Write the graph into a folder; the head's weights are rounded to 16 bits."""
    out.mkdir(parents=True, exist_ok=True)
    round_weights(head)
    levels = tuple(torch.rand(1, width, side, side) for width, side in zip(LEVEL_WIDTHS, SIDES, strict=True))
    write_graph(Probabilities(head).eval(), (*levels, *levels), INPUTS, OUTPUTS, out / GRAPH)
