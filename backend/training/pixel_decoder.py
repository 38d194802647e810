"""Stage 6: the pixel decoder, trained on Mini's features, Mini itself as it is.

    python -m backend.training.pixel_decoder --pack build/training/pack.zip --out build/training/pixel \
        --ship backend/weights/mini

Phrases are the vectors of the text tower that ships. Stops and goes on: the same command takes up the newest
checkpoint and ends as a run that was never stopped. With `--ship` the graphs that ship are written at the end.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from backend.models.mini_graphs import FOLDER, Graph
from backend.models.mini_pixel import LEVELS
from backend.models.mini_text import TextTower
from backend.models.pixel_decoder import STRIDES, PixelDecoder
from backend.training import checkpoint
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

PEAK, WARM, DECAY = 2e-3, 100, 0.998
FILES, SPARSE, LATE = 2, 2, 0.72
LOGGED, SAVED = 100, 500


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
    run.train()
    if args.ship:
        export(run.averaged(), args.ship)


class PixelRun:
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(
        self, tower: TextTower, features: FeatureFiles, folder: Path, steps: int, seed: int, device: torch.device
    ) -> None:
        torch.manual_seed(seed)
        self._features, self._folder, self._steps, self._seed, self._device = features, folder, steps, seed, device
        sentences = all_sentences()
        self._vectors = dict(zip(sentences, torch.from_numpy(tower(sentences)), strict=True))
        self._decoder = PixelDecoder().to(device)
        self._average = {k: v.clone() for k, v in self._decoder.state_dict().items()}
        self._optimiser = torch.optim.AdamW(self._decoder.parameters(), lr=PEAK, weight_decay=0.02, betas=(0.9, 0.99))
        self.losses: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        if state := checkpoint.read_state(folder):
            self._restore(state)

    def train(self, until: int | None = None) -> None:
        """Take the steps that are left, or those before `until`."""
        sums: dict[str, list[float]] = {}
        started = time.monotonic()
        while len(self.losses) < (until or self._steps):
            loss, log = self._step(len(self.losses))
            self.losses.append(loss)
            for name, value in log.items():
                sums.setdefault(name, []).append(value)
            if len(self.losses) % LOGGED == 0:
                words = " ".join(f"{name} {np.mean(values):.3f}" for name, values in sums.items())
                print(f"{len(self.losses)} {time.monotonic() - started:.0f} s {words}", flush=True)  # noqa: T201
                sums.clear()
            if len(self.losses) % SAVED == 0:
                self._save()
        self._save()

    def averaged(self) -> PixelDecoder:
        """Return the decoder with averaged weights, and a bias for each phrase."""
        decoder = PixelDecoder()
        decoder.load_state_dict({k: v.cpu() for k, v in self._average.items()})
        fit_bias(decoder, self._vectors, self._seed)
        return decoder.eval()

    def _step(self, number: int) -> tuple[float, dict[str, float]]:
        for group in self._optimiser.param_groups:
            group["lr"] = PEAK * max(_rate(number, self._steps), 0.01)
        seen = {k: v.to(self._device) for k, v in self._features.step(number, FILES, self._seed).items()}
        book = PhraseBook(self._vectors, np.random.default_rng([self._seed, number, 1]))
        queries, weights = self._decoder.queries(torch.cat([book.step(), book.scenes()]).to(self._device))
        with torch.autocast(self._device.type, torch.bfloat16):
            scales = self._decoder.scales(*(seen[name] for name in LEVELS))
        truth, care, classes, scenes = (seen[name] for name in ("truth", "care", "classes", "scenes"))
        logits, count = self._decoder.logits([units.float() for units in scales], queries), len(CLASSES)
        own, others = logits[:, :count], logits[:, count:, ::SPARSE, ::SPARSE]
        named = others[len(others) - len(scenes) :, STRANGERS:]
        late = number >= LATE * self._steps
        losses = pixel_loss(own, others[:, :STRANGERS], named, truth, care, classes, scenes, late)
        total = torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._decoder.parameters(), 5.0)
        self._optimiser.step()
        decay = min(DECAY, (1 + number) / (10 + number))
        for key, value in self._decoder.state_dict().items():
            self._average[key].lerp_(value, 1 - decay)
        shares = weights[: len(CLASSES)].detach().mean(0)
        shown = {f"w{stride}": float(share) for stride, share in zip(STRIDES, shares, strict=True)}
        return total.item(), {name: value.item() for name, value in losses.items()} | shown

    def _save(self) -> None:
        """Write weights, averages, optimiser and losses."""
        parts = {"live": self._decoder.state_dict(), "average": self._average}
        checkpoint.write(self._folder, parts, self._optimiser, {"losses": self.losses})

    def _restore(self, state: dict[str, Any]) -> None:
        self.losses = state["losses"]
        self._decoder.load_state_dict(checkpoint.read(self._folder, "live"))
        self._average = {key: value.to(self._device) for key, value in checkpoint.read(self._folder, "average").items()}
        checkpoint.restore(self._folder, self._optimiser)


def _rate(number: int, steps: int) -> float:
    """Return the share of the peak rate: a rise, then half a cosine."""
    if number < WARM:
        return number / WARM
    return (1 + math.cos(math.pi * (number - WARM) / max(steps - WARM, 1))) / 2


if __name__ == "__main__":
    main()
