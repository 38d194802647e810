"""The generator as the backend runs it: one command.

    python -m backend.training.generator_export --run build/training/generator --out backend/weights/mini-generator

Two ONNX graphs: what is the same for all steps of a window, and one step. Weights are stored with 16 bits and computed
with 32.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor, nn

from backend.models.generator import CONDITION, DENOISE
from backend.models.generator_network import Generator
from backend.training import checkpoint
from backend.training.export import write_graph
from backend.training.generator_pairs import enlarged


class Condition(nn.Module):
    """What is the same for all steps of a window."""

    def __init__(self, network: Generator) -> None:
        super().__init__()
        self.network = network

    def forward(self, low: Tensor) -> tuple[Tensor, Tensor]:
        """Return the picture before, enlarged and encoded."""
        return enlarged(low), self.network.shown(low)


class _Denoise(nn.Module):
    def __init__(self, network: Generator) -> None:
        super().__init__()
        self.network = network

    def forward(self, noisy: Tensor, shown: Tensor, step: Tensor, metres: Tensor) -> Tensor:
        found: Tensor = self.network.denoise(noisy, shown, step, metres)
        return found


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = Generator().eval()
    network.load_state_dict(checkpoint.read(args.run, "average"))
    export(network, args.out)


def export(network: Generator, out: Path) -> None:
    """Write both graphs into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    low = torch.zeros(1, 3, 16, 16)
    with torch.no_grad():
        write_graph(Condition(network), (low,), ["low"], ["enlarged", "shown"], out / CONDITION)
        given = (torch.zeros(1, 3, 64, 64), network.shown(low), torch.zeros(1), torch.ones(1))
        write_graph(_Denoise(network), given, ["noisy", "shown", "step", "metres"], ["noise"], out / DENOISE)


if __name__ == "__main__":
    main()
