"""The pixel decoder's two graphs that ship: features of a picture, and phrases as what they are compared with."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from backend.models.mini_fusion import WIDTHS
from backend.models.mini_heads import FINE, TEXT
from backend.models.mini_pixel import GRAPH, LEVELS, TEXT_GRAPH
from backend.models.pixel_decoder import PixelDecoder
from backend.training.export import round_weights, write_graph

CELLS = 64


class Features(nn.Module):
    """What needs no phrase."""

    def __init__(self, decoder: PixelDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, *levels: Tensor) -> Tensor:
        """Return features (n, 128, h, w) of the levels in the order of `LEVELS`."""
        return self.decoder.features(*levels)


class Queries(nn.Module):
    """What needs no picture."""

    def __init__(self, decoder: PixelDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Return queries (n, 129) and the scales' weights (n, 4)."""
        return self.decoder.queries(sentences)


def export(decoder: PixelDecoder, out: Path) -> None:
    """Write both graphs; the decoder's weights are rounded to 16 bits."""
    out.mkdir(parents=True, exist_ok=True)
    round_weights(decoder)
    widths = (WIDTHS[0], FINE, *WIDTHS[1:])
    sides = (CELLS, CELLS, CELLS // 2, CELLS // 4, CELLS // 8)
    levels = tuple(torch.rand(1, width, side, side) for width, side in zip(widths, sides, strict=True))
    write_graph(Features(decoder).eval(), levels, list(LEVELS), ["features"], out / GRAPH)
    write_graph(
        Queries(decoder).eval(), (torch.rand(3, TEXT),), ["sentences"], ["queries", "weights"], out / TEXT_GRAPH
    )
