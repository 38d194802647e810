"""The text tower as a graph: token ids to a sentence's vector, and to what dense features are compared with."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

OPSET = 17
TINY = 1e-6
TENSORS, DESCRIPTION, GRAPH = "text.safetensors", "text.json", "text.onnx"


class Tower(nn.Module):
    """The table of `distil_text`, and the linear map `pixels` (384, 64) that the text head learnt.

    Numbers stay as they are stored (8 and 16 bits) until they are used.
    """

    table: Tensor
    steps: Tensor
    weights: Tensor
    map: Tensor
    offset: Tensor
    pixels: Tensor

    def __init__(self, tensors: dict[str, Tensor], pixels: Tensor) -> None:
        super().__init__()
        for name, tensor in {**tensors, "pixels": pixels.half()}.items():
            self.register_buffer(name, tensor)

    def forward(self, ids: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit vectors (n, 384) and (n, 64) for token ids (n, longest); `known` is 0 for padding."""
        weights = self.weights[ids] * known
        rows = self.table[ids].float() * (self.steps[ids] * weights)[:, :, None]
        mean = rows.sum(1) / weights.sum(1, keepdim=True).clamp_min(TINY)
        sentence = nn.functional.normalize(mean @ self.map.float() + self.offset.float(), dim=1)
        return sentence, sentence @ self.pixels.float()


def write(text: Path, pixels: Tensor, scale: float, bias: float, out: Path) -> None:
    """Write graph and description into the folder `out`, from the folder `text` that `distil_text` made."""
    words = json.loads((text / DESCRIPTION).read_text(encoding="utf-8"))
    torch.onnx.export(
        Tower(load_file(text / TENSORS), pixels),
        (torch.zeros(2, 3, dtype=torch.long), torch.ones(2, 3)),
        str(out / GRAPH),
        input_names=["ids", "known"],
        output_names=["sentence", "place"],
        dynamic_axes={"ids": {0: "n", 1: "k"}, "known": {0: "n", 1: "k"}, "sentence": {0: "n"}, "place": {0: "n"}},
        opset_version=OPSET,
        do_constant_folding=False,  # it would store 32 bits for what is 16
        dynamo=False,
    )
    described = {"scale": scale, "bias": bias, "gram": _gram(pixels), **words}
    (out / DESCRIPTION).write_text(json.dumps(described) + "\n", encoding="utf-8")


def _gram(pixels: Tensor) -> list[list[float]]:
    """Return the products of the columns of the map as it is stored, to seven digits."""
    stored = pixels.half().double()
    return [[float(f"{value:.7g}") for value in row] for row in (stored.T @ stored).tolist()]
