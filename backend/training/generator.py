"""The generator that ships: one command.

    python -m backend.training.generator --pack build/training/pack.zip --more S2.tif BLUE_MARBLE.tif \\
        --out build/training/generator --steps 12000

The pack is `backend.training.pack`'s; `--more` are GeoTIFFs of red, green and blue bytes for coarser resolutions. Stops
and goes on: the same command takes up the newest checkpoint and ends as a run that was never stopped. The folder then
holds `average.safetensors`, which `backend.training.generator_export` turns into what the backend runs.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from backend.models.diffusion import METAEARTH
from backend.models.generator_network import SMALL, Generator, GeneratorConfig
from backend.training import checkpoint
from backend.training.devices import add_device, chosen
from backend.training.generator_pairs import Drawer, Pairs

PEAK, WARM, DECAY = 4e-4, 200, 0.999
GAMMA = 0.5
"""P2's gamma: the paper of the weights has 0.5 and 1."""
LOGGED, SAVED = 50, 250
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


class Run(Generic[P]):
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
        torch.manual_seed(seed)
        self._drawer, self._folder, self._seed, self._batch = drawer, folder, seed, batch
        self._steps, self._device = steps, device
        self.network = Generator(config).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=PEAK, weight_decay=0.01, betas=(0.9, 0.99))
        self._average = {name: value.clone() for name, value in self.network.state_dict().items()}
        self._kept = torch.tensor(METAEARTH.kept, dtype=torch.float32)
        self._weights = torch.tensor(METAEARTH.weights(GAMMA), dtype=torch.float32)
        self.losses: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        if state := checkpoint.read_state(folder):
            self._restore(state)

    def finish(self) -> None:
        """Take the steps that are left, and save."""
        began = time.perf_counter()
        while len(self.losses) < self._steps:
            self.losses.append(self._step(len(self.losses)))
            if len(self.losses) % LOGGED == 0:
                mean, minutes = np.mean(self.losses[-LOGGED:]), (time.perf_counter() - began) / 60
                print(f"{len(self.losses)} loss {mean:.4f} {minutes:.1f} min", flush=True)  # noqa: T201
            if len(self.losses) % SAVED == 0:
                self._save()
        self._save()

    def _step(self, number: int) -> float:
        """Take one step; what it draws follows from the seed and its number alone."""
        drawn = np.random.default_rng([self._seed, number])
        rate = min(1.0, (number + 1) / WARM) * (0.02 + 0.98 * (1 + math.cos(math.pi * number / self._steps)) / 2)
        for group in self._optimiser.param_groups:
            group["lr"] = PEAK * rate
        pairs = self._drawer.draw(self._batch, drawn)
        at = torch.from_numpy(drawn.integers(METAEARTH.steps, size=self._batch))
        noise = torch.from_numpy(drawn.standard_normal(pairs.lacking.shape, np.float32))
        loss = self._loss(pairs, at, noise)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        decay = min(DECAY, (1 + number) / (10 + number))
        for name, value in self.network.state_dict().items():
            self._average[name].lerp_(value, 1 - decay)
        return float(loss.item())

    def _loss(self, pairs: P, at: Tensor, noise: Tensor) -> Tensor:
        kept = self._kept[at][:, None, None, None]
        noisy = kept.sqrt() * pairs.lacking + (1 - kept).sqrt() * noise
        given = (noisy, pairs.low, at, pairs.metres)
        with torch.autocast(self._device.type, torch.bfloat16):
            found = self.network(*(one.to(self._device) for one in given))
        wrong = (found.float() - noise.to(self._device)).square().mean((1, 2, 3))
        loss: Tensor = (wrong * self._weights[at].to(self._device)).mean()
        return loss

    def _save(self) -> None:
        """Write averaged weights, live weights, optimiser and losses."""
        parts = {"average": self._average, "live": self.network.state_dict()}
        checkpoint.write(self._folder, parts, self._optimiser, {"losses": self.losses})

    def _restore(self, state: dict[str, Any]) -> None:
        self.losses = state["losses"]
        self.network.load_state_dict(checkpoint.read(self._folder, "live"))
        self._average = {
            name: value.to(self._device) for name, value in checkpoint.read(self._folder, "average").items()
        }
        checkpoint.restore(self._folder, self._optimiser)


if __name__ == "__main__":
    main()
