"""The change painter as the backend runs it: one command.

    python -m backend.training.painter_export --run build/training/painter --out backend/weights/mini-painter

Two ONNX graphs, as the generator has.
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
from backend.training.generator_export import Condition
from backend.training.painter import CONFIG


class _Denoise(nn.Module):
    def __init__(self, network: Generator) -> None:
        super().__init__()
        self.network = network

    def forward(self, noisy: Tensor, shown: Tensor, step: Tensor, metres: Tensor, extra: Tensor) -> Tensor:
        found: Tensor = self.network.denoise(noisy, shown, step, metres, extra)
        return found


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = Generator(CONFIG).eval()
    network.load_state_dict(checkpoint.read(args.run, "average"))
    export(network, args.out)


def export(network: Generator, out: Path) -> None:
    """Write both graphs into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    low = torch.zeros(1, 3, 16, 16)
    extra = torch.zeros(1, network.config.extra, 64, 64)
    names = ["noisy", "shown", "step", "metres", "extra"]
    with torch.no_grad():
        write_graph(Condition(network), (low,), ["low"], ["enlarged", "shown"], out / CONDITION)
        given = (torch.zeros(1, 3, 64, 64), network.shown(low), torch.zeros(1), torch.ones(1), extra)
        write_graph(_Denoise(network), given, names, ["velocity"], out / DENOISE)


if __name__ == "__main__":
    main()
