"""An upsampler for Mini's or CLIP's features, trained on any imagery without labels: one command.

    python -m backend.training.upsampler --images FOLDER --model mini --out build/training/upsampler --steps 2000

`--model` is `mini` or the folder of a CLIP ViT-B/16 as `models pull segearth-ov` installs it. Stops and goes on: the
same command takes up the newest checkpoint and ends as a run that was never stopped. The folder then holds
`upsampler.safetensors` and `upsampler.onnx` for `models import`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backend.models.jbu import Upsampler
from backend.models.jbu_onnx import export_upsampler
from backend.models.jbu_weights import tensors
from backend.training.devices import add_device, chosen
from backend.training.folder_run import FolderRun
from backend.training.upsampler_data import Crops, Extractor, extractor, normalised
from backend.training.upsampler_losses import Teaching, moved, view_grid

RATE = 1e-3
LOGGED, SAVED = 10, 20


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


class Run(FolderRun[nn.ModuleDict]):
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
        self._model, self._crops, self._seed, self._batch, self._views = model, crops, seed, batch, views
        self.upsampler = Upsampler(model.channels, model.radius, True, model.steps)
        self._teaching = Teaching(model.channels, model.factor)
        both = nn.ModuleDict({"upsampler": self.upsampler, "teaching": self._teaching})
        device = device or torch.device("cpu")
        both.to(device)
        super().__init__(both, torch.optim.NAdam(both.parameters(), lr=RATE), folder, device, LOGGED, SAVED)

    def _step(self, number: int) -> tuple[float, dict[str, float]]:
        drawn = np.random.default_rng([self._seed, number])
        torch.manual_seed(int(drawn.integers(1 << 31)))
        self.network.train()
        self._optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for _ in range(self._batch):
            loss = self._loss(drawn) / self._batch
            loss.backward()  # type: ignore[no-untyped-call]
            total += loss.item()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        return total, {}

    def _loss(self, drawn: np.random.Generator) -> torch.Tensor:
        pixels = self._crops.draw(drawn).to(self._device)
        large = self.upsampler(self._model.features(pixels), normalised(pixels))
        found = []
        for _ in range(self._views):
            grid = view_grid(self._model.crop, drawn)
            view = moved(pixels, grid)
            found.append(self._teaching(moved(large, grid), view, self._model.features(view)))
        return torch.stack(found).mean()

    def _parts(self) -> dict[str, dict[str, Tensor]]:
        return {**super()._parts(), "upsampler": tensors(self.upsampler)}


if __name__ == "__main__":
    main()
