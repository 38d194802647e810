"""The change painter that ships: one command, after `backend.training.painter_labels`.

    python -m backend.training.painter --pack build/training/pack.zip --labels build/training/painter_labels.npz \\
        --out build/training/painter --steps 9000

It learns to paint masked parts of pictures a quarter as fine, given what class each place is to be of. Stops and goes
on as `backend.training.generator` does; `backend.training.painter_export` makes of its folder what the backend runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from backend.models.generator_network import GeneratorConfig
from backend.models.painter_fill import EXTRA
from backend.training import generator
from backend.training.devices import add_device, chosen
from backend.training.painter_pairs import Drawer, Masked

CONFIG = GeneratorConfig((32, 64, 96), (1, 2, 2), 2, (12, 1), 96, EXTRA)
KNOWN = 0.03
"""What an error counts where nothing is to be painted; 1 where it is."""


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=9_000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--side", type=int, default=64, help="of a crop, in pixels of a quarter's resolution")
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    drawer = Drawer(args.pack, args.labels, args.side)
    Run(drawer, args.out, args.seed, args.batch, args.steps, chosen(args.device), CONFIG).finish()


class Run(generator.Run[Masked]):
    """A run in a folder, as the generator's is."""

    def _loss(self, pairs: Masked, at: Tensor, noise: Tensor) -> Tensor:
        """Return the error of the velocity (arXiv:2202.00512), which tells colours from noise alone far better."""
        kept = self._kept[at][:, None, None, None]
        noisy = kept.sqrt() * pairs.lacking + (1 - kept).sqrt() * noise
        velocity = kept.sqrt() * noise - (1 - kept).sqrt() * pairs.lacking
        given = (noisy, pairs.low, at, pairs.metres, pairs.extra)
        with torch.autocast(self._device.type, torch.bfloat16):
            found = self.network(*(one.to(self._device) for one in given))
        counted = (pairs.painted + KNOWN).clamp(max=1).to(self._device)
        wrong = (found.float() - velocity.to(self._device)).square().mean(1, keepdim=True) * counted
        areas = counted.sum((1, 2, 3))
        weights = self._weights[at].to(self._device) / areas.sqrt()
        loss: Tensor = (wrong.sum((1, 2, 3)) * weights).sum() / areas.sqrt().sum()
        return loss


if __name__ == "__main__":
    main()
