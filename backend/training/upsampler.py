"""An upsampler for Mini's or CLIP's features, trained on any imagery without labels: one command.

    python -m backend.training.upsampler --images FOLDER --model mini --out build/training/upsampler --steps 2000

`--model` is `mini` or the folder of a CLIP ViT-B/16 as `models pull segearth-ov` installs it. Stops and goes on: the
same command takes up the newest checkpoint and ends as a run that was never stopped. The folder then holds
`upsampler.safetensors` and `upsampler.onnx` for `models import`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from backend.models.jbu import Upsampler
from backend.models.jbu_onnx import export_upsampler
from backend.models.jbu_weights import tensors
from backend.training import checkpoint
from backend.training.devices import add_device, chosen
from backend.training.upsampler_data import Crops, Extractor, extractor, normalised
from backend.training.upsampler_losses import Teaching, moved, view_grid

RATE = 1e-3
LOGGED = 10
SAVED = 20


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True, help="a folder with imagery; folders in it count too")
    parser.add_argument("--model", default="mini")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=4, help="crops a step")
    parser.add_argument("--views", type=int, default=5, help="views a crop")
    parser.add_argument("--doublings", type=int, help="how many of those learnt the graph does, default: 1 for mini")
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    device = chosen(args.device)
    model = extractor(args.model, device)
    run = Run(model, Crops(args.images, model.crop), args.out, args.seed, device, args.batch, args.views)
    run.until(args.steps)
    doublings = 1 if args.model == "mini" and args.doublings is None else args.doublings
    export_upsampler(run.upsampler, args.out / "upsampler.onnx", doublings)


class Run:
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self,
        model: Extractor,
        crops: Crops,
        folder: Path,
        seed: int,
        device: torch.device | None = None,
        batch: int = 4,
        views: int = 5,
    ) -> None:
        torch.manual_seed(seed)
        self._model, self._crops, self._folder, self._seed = model, crops, folder, seed
        self._batch, self._views, self._device = batch, views, device or torch.device("cpu")
        self.upsampler = Upsampler(model.channels, model.radius, True, model.steps).to(self._device)
        self._teaching = Teaching(model.channels, model.factor).to(self._device)
        self._all = nn.ModuleDict({"upsampler": self.upsampler, "teaching": self._teaching})
        self._optimiser = torch.optim.NAdam(self._all.parameters(), lr=RATE)
        self.losses: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        if state := checkpoint.read_state(folder):
            self._restore(state)

    def until(self, steps: int) -> None:
        """Train until so many steps are taken, and save."""
        while len(self.losses) < steps:
            self.losses.append(self._step(len(self.losses)))
            if len(self.losses) % LOGGED == 0:
                print(f"{len(self.losses)} loss {np.mean(self.losses[-LOGGED:]):.4f}", flush=True)  # noqa: T201
            if len(self.losses) % SAVED == 0:
                self._save()
        self._save()

    def _step(self, number: int) -> float:
        """Take one step; what it draws follows from the seed and its number alone."""
        drawn = np.random.default_rng([self._seed, number])
        torch.manual_seed(int(drawn.integers(1 << 31)))
        self._all.train()
        self._optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for _ in range(self._batch):
            loss = self._loss(drawn) / self._batch
            loss.backward()  # type: ignore[no-untyped-call]
            total += loss.item()
        nn.utils.clip_grad_norm_(self._all.parameters(), 1.0)
        self._optimiser.step()
        return total

    def _loss(self, drawn: np.random.Generator) -> torch.Tensor:
        pixels = self._crops.draw(drawn).to(self._device)
        large = self.upsampler(self._model.features(pixels), normalised(pixels))
        found = []
        for _ in range(self._views):
            grid = view_grid(self._model.crop, drawn)
            view = moved(pixels, grid)
            found.append(self._teaching(moved(large, grid), view, self._model.features(view)))
        return torch.stack(found).mean()

    def _save(self) -> None:
        """Write weights, optimiser and losses."""
        parts = {"live": self._all.state_dict(), "upsampler": tensors(self.upsampler)}
        checkpoint.write(self._folder, parts, self._optimiser, {"losses": self.losses})

    def _restore(self, state: dict[str, Any]) -> None:
        self.losses = state["losses"]
        self._all.load_state_dict(checkpoint.read(self._folder, "live"))
        checkpoint.restore(self._folder, self._optimiser)


if __name__ == "__main__":
    main()
