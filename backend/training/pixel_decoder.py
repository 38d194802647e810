"""Stage 6: the pixel decoder, trained on Mini's features, Mini itself as it is.

    python -m backend.training.pixel_decoder --pack build/training/pack.zip --out build/training/pixel \
        --ship backend/weights/mini

Phrases are the vectors of the text tower that ships. Stops and goes on: the same command takes up the newest
checkpoint and ends as a run that was never stopped. With `--ship` the graphs that ship are written at the end.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_graphs import FOLDER, Graph
from backend.models.mini_pixel import LEVELS
from backend.models.mini_text import TextTower
from backend.models.pixel_decoder import STRIDES, PixelDecoder
from backend.training.averaged_run import AveragedRun, Recipe
from backend.training.devices import add_device, chosen
from backend.training.phrases import CLASSES
from backend.training.pictures import load_scenes
from backend.training.pixel_batch import PixelBatches
from backend.training.pixel_bias import fit_bias
from backend.training.pixel_export import export
from backend.training.pixel_features import FeatureFiles, files_folder
from backend.training.pixel_losses import WEIGHTS, pixel_loss
from backend.training.pixel_pictures import load_charts
from backend.training.text_losses import STRANGERS, PhraseBook, all_sentences, truth_table

RECIPE = Recipe(peak=2e-3, warm=100, decay=0.998, shrink=0.02, clip=5.0, logged=100, saved=500, first=0)
FILES, SPARSE, LATE = 2, 2, 0.72


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--mini", type=Path, default=FOLDER, help="folder of Mini's graphs; default: those that ship")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ship", type=Path, help="where to write the graphs that ship")
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--files", type=int, default=400, help="how many batches of eight crops are encoded")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    batches = PixelBatches(load_charts(args.pack), *load_scenes(args.pack), truth_table(), args.seed)
    graph = args.mini / "encoder.onnx"
    folder = files_folder(args.out, args.pack, graph, args.seed)
    features = FeatureFiles(batches, Graph(graph, threads=1), folder, args.files)
    run = PixelRun(TextTower(args.mini), features, args.out, args.steps, args.seed, chosen(args.device))
    run.finish()
    if args.ship:
        export(run.averaged(), args.ship)


class PixelRun(AveragedRun[PixelDecoder]):
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self, tower: TextTower, features: FeatureFiles, folder: Path, steps: int, seed: int, device: torch.device
    ) -> None:
        self._features, sentences = features, all_sentences()
        self._vectors = dict(zip(sentences, torch.from_numpy(tower(sentences)), strict=True))
        super().__init__(PixelDecoder, RECIPE, folder, steps, seed, device)

    def averaged(self) -> PixelDecoder:
        """Return the decoder with averaged weights, and a bias for each phrase."""
        decoder = super().averaged()
        fit_bias(decoder, self._vectors, self._seed)
        return decoder

    def _losses(self, number: int) -> tuple[Tensor, dict[str, Tensor]]:
        seen = {k: v.to(self._device) for k, v in self._features.step(number, FILES, self._seed).items()}
        book = PhraseBook(self._vectors, np.random.default_rng([self._seed, number, 1]))
        queries, weights = self.network.queries(torch.cat([book.step(), book.scenes()]).to(self._device))
        with torch.autocast(self._device.type, torch.bfloat16):
            scales = self.network.scales(*(seen[name] for name in LEVELS))
        truth, care, classes, scenes = (seen[name] for name in ("truth", "care", "classes", "scenes"))
        logits, count = self.network.logits([units.float() for units in scales], queries), len(CLASSES)
        own, others = logits[:, :count], logits[:, count:, ::SPARSE, ::SPARSE]
        named = others[len(others) - len(scenes) :, STRANGERS:]
        late = number >= LATE * self._steps
        losses = pixel_loss(own, others[:, :STRANGERS], named, truth, care, classes, scenes, late)
        total = torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()
        shares = weights[: len(CLASSES)].detach().mean(0)
        return total, losses | {f"w{stride}": share for stride, share in zip(STRIDES, shares, strict=True)}


if __name__ == "__main__":
    main()
