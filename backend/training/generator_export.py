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
from backend.models.generator_network import SMALL, Generator, GeneratorConfig
from backend.training import checkpoint
from backend.training.export import write_graph
from backend.training.generator_pairs import enlarged


class _Condition(nn.Module):
    """What is the same for all steps of a window."""

    def __init__(self, network: Generator) -> None:
        super().__init__()
        self.network = network

    def forward(self, low: Tensor) -> tuple[Tensor, Tensor]:
        return enlarged(low), self.network.shown(low)


class _Denoise(nn.Module):
    def __init__(self, network: Generator) -> None:
        super().__init__()
        self.network = network

    def forward(self, noisy: Tensor, shown: Tensor, step: Tensor, metres: Tensor, *extra: Tensor) -> Tensor:
        found: Tensor = self.network.denoise(noisy, shown, step, metres, *extra)
        return found


def main() -> None:
    """Run the stage."""
    run(__doc__, SMALL, "noise")


def run(about: str | None, config: GeneratorConfig, found: str) -> None:
    """Write the graphs of the averaged network of `--run` into `--out`; `found` names what the network finds."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = Generator(config).eval()
    network.load_state_dict(checkpoint.read(args.run, "average"))
    export(network, args.out, found)


def export(network: Generator, out: Path, found: str = "noise") -> None:
    """Write both graphs into the folder `out`; a network with further maps takes them as `extra`."""
    out.mkdir(parents=True, exist_ok=True)
    low = torch.zeros(1, 3, 16, 16)
    names = ["noisy", "shown", "step", "metres"]
    with torch.no_grad():
        write_graph(_Condition(network), (low,), ["low"], ["enlarged", "shown"], out / CONDITION)
        given = [torch.zeros(1, 3, 64, 64), network.shown(low), torch.zeros(1), torch.ones(1)]
        if network.config.extra:
            names, given = [*names, "extra"], [*given, torch.zeros(1, network.config.extra, 64, 64)]
        write_graph(_Denoise(network), tuple(given), names, [found], out / DENOISE)


if __name__ == "__main__":
    main()
