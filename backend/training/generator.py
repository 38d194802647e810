"""The generator that ships: one command.

    python -m backend.training.generator --pack build/training/pack.zip --more S2.tif BLUE_MARBLE.tif \\
        --out build/training/generator --steps 12000

The pack is `backend.training.pack`'s; `--more` are GeoTIFFs of red, green and blue bytes for coarser resolutions. Stops
and goes on: the same command takes up the newest checkpoint and ends as a run that was never stopped. The folder then
holds `average.safetensors`, which `backend.training.generator_export` turns into what the backend runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from backend.models.diffusion import METAEARTH
from backend.models.generator_network import SMALL, Generator, GeneratorConfig
from backend.training.averaged_run import AveragedRun, Recipe, half_cosine
from backend.training.devices import add_device, chosen
from backend.training.generator_pairs import Drawer, Pairs

RECIPE = Recipe(peak=4e-4, warm=200, decay=0.999, shrink=0.01, clip=1.0, logged=50, saved=250, least=0.02)
GAMMA = 0.5
"""P2's gamma: the paper of the weights has 0.5 and 1."""
P = TypeVar("P", bound=Pairs)
Drawn = TypeVar("Drawn", bound=Pairs, covariant=True)


class Drawing(Protocol[Drawn]):
    """What draws a batch; it follows from the generator of random numbers alone."""

    def draw(self, count: int, drawn: np.random.Generator) -> Drawn:
        """Return `count` pairs."""


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--more", type=Path, nargs="*", default=[], metavar="RGB.tif")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--side", type=int, default=64, help="of a crop, in pixels")
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    drawer = Drawer(args.pack, args.more, args.side)
    Run(drawer, args.out, args.seed, args.batch, args.steps, chosen(args.device)).finish()


class Run(AveragedRun[Generator], Generic[P]):
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self,
        drawer: Drawing[P],
        folder: Path,
        seed: int,
        batch: int,
        steps: int,
        device: torch.device,
        config: GeneratorConfig = SMALL,
    ) -> None:
        self._drawer, self._batch = drawer, batch
        self._kept = torch.tensor(METAEARTH.kept, dtype=torch.float32)
        self._weights = torch.tensor(METAEARTH.weights(GAMMA), dtype=torch.float32)

        def make() -> Generator:
            return Generator(config).to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

        super().__init__(make, RECIPE, folder, steps, seed, device)

    def _rate(self, number: int) -> float:
        falling = RECIPE.least + (1 - RECIPE.least) * half_cosine(number, 0, self._steps)
        return min(1.0, (number + 1) / RECIPE.warm) * falling

    def _losses(self, number: int) -> tuple[Tensor, dict[str, Tensor]]:
        drawn = np.random.default_rng([self._seed, number])
        pairs = self._drawer.draw(self._batch, drawn)
        at = torch.from_numpy(drawn.integers(METAEARTH.steps, size=self._batch))
        noise = torch.from_numpy(drawn.standard_normal(pairs.lacking.shape, np.float32))
        return self._loss(pairs, at, noise), {}

    def _loss(self, pairs: P, at: Tensor, noise: Tensor) -> Tensor:
        kept = self._kept[at][:, None, None, None]
        noisy = kept.sqrt() * pairs.lacking + (1 - kept).sqrt() * noise
        given = (noisy, pairs.low, at, pairs.metres)
        with torch.autocast(self._device.type, torch.bfloat16):
            found = self.network(*(one.to(self._device) for one in given))
        wrong = (found.float() - noise.to(self._device)).square().mean((1, 2, 3))
        loss: Tensor = (wrong * self._weights[at].to(self._device)).mean()
        return loss


if __name__ == "__main__":
    main()
