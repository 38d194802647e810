"""One training run: network, optimiser, averaged weights, log and checkpoints."""

from __future__ import annotations

import argparse

import numpy as np
import torch
import torch.distributed
from safetensors.torch import load_file
from torch import nn

from backend.models.mini_backbone import fold
from backend.models.mini_network import MiniNetwork
from backend.training import checkpoint
from backend.training.averaged_run import AVERAGE, copied, follow, half_cosine, read_average
from backend.training.batch import Batches
from backend.training.embed_losses import SceneClassifier
from backend.training.objective import objective
from backend.training.phrases import SCENES
from backend.training.text_losses import PhraseBook, truth_table

PEAK, PEAK_BODY = 1.5e-3, 3e-4
WARM = 0.04
SETTLED = 0.75
NATIVE_EVERY = 3
DECAY = 0.998
SAVE_EVERY = 240.0


class Run:
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(self, args: argparse.Namespace, rank: int) -> None:
        self._rank, self._workers, self._device = rank, args.workers, torch.device(args.device)
        self._folder, self._budget, self._last_step = args.out, args.minutes * 60, args.steps
        self._folder.mkdir(parents=True, exist_ok=True)
        self._elapsed, self._count, self._saved = 0.0, 0, 0.0
        state = checkpoint.read_state(self._folder)
        if state:
            self._elapsed, self._count = state["elapsed"], state["steps"]
            self._saved = self._elapsed
        self._again, self._resumed = args.again, self.progress()
        torch.manual_seed(args.seed + self._count)
        drawn = np.random.default_rng([args.seed, self._count, rank])
        self._network, self._scenes = MiniNetwork(), SceneClassifier(len(SCENES))
        if args.start:
            weights = torch.load(args.start, map_location="cpu", weights_only=True)
            self._network.backbone.load_state_dict(fold(weights))
        self._network.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._scenes.to(self._device)
        self._optimiser = self._make_optimiser()
        self._average = copied(self._network)
        if state:
            self._restore()
        book = PhraseBook(dict(load_file(self._folder / "phrases.safetensors")), drawn, self._device)
        self._book, self._table, self._drawn = book, truth_table().to(self._device), drawn
        self._batches = Batches(args.pack, args.crops, args.chips, drawn)
        self._sums: dict[str, list[float]] = {}

    def _make_optimiser(self) -> torch.optim.AdamW:
        body = self._network.backbone.trainable()
        known = {id(p) for p in self._network.backbone.parameters()}
        heads = [p for p in self._network.parameters() if id(p) not in known] + list(self._scenes.parameters())
        groups = [{"params": body, "peak": PEAK_BODY}, {"params": heads, "peak": PEAK}]
        return torch.optim.AdamW(groups, lr=PEAK, weight_decay=0.02, betas=(0.9, 0.99))

    def progress(self) -> float:
        """Return how much of the run is done, 0 to 1."""
        return float(self._count / self._last_step if self._last_step else self._elapsed / self._budget)

    def step(self) -> None:
        """Take one optimiser step."""
        progress = self.progress()
        if self._again:
            rate = self._again * half_cosine(progress, self._resumed, 1)
        else:
            rate = progress / WARM if progress < WARM else half_cosine(progress, WARM, 1)
        for group in self._optimiser.param_groups:
            group["lr"] = group["peak"] * max(rate, 0.01)
        self._network.train()
        if progress > SETTLED:
            self._settle()
        native = self._count % NATIVE_EVERY == 0
        batch = self._batches.native() if native else self._batches.zoomed()
        batch = batch.to(self._device)
        loss, log = objective(self._network, self._scenes, batch, self._book, self._table, self._drawn)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._share()
        nn.utils.clip_grad_norm_([p for g in self._optimiser.param_groups for p in g["params"]], 5.0)
        self._optimiser.step()
        follow(self._average, self._network, self._count, DECAY)
        for key, number in log.items():
            self._sums.setdefault(f"{'n' if native and key.startswith('iou') else ''}{key}", []).append(number)

    def _settle(self) -> None:
        """Let batch norms use their running statistics: two kinds of crops share them, and so does the export."""
        for module in self._network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()

    def _share(self) -> None:
        """Average the gradients of all workers."""
        parameters = [p for group in self._optimiser.param_groups for p in group["params"]]
        grads = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        flat = torch.cat([g.reshape(-1) for g in grads])
        if self._workers > 1:
            flat = _summed(flat)
        for p, part in zip(parameters, torch.split(flat, [g.numel() for g in grads]), strict=True):
            p.grad = part.view(p.shape) / self._workers

    def advance(self, seconds: float) -> None:
        """Count a step; log and save when due. The first worker's clock is everyone's."""
        clock = torch.tensor(seconds, dtype=torch.float64)
        torch.distributed.broadcast(clock, 0)
        self._elapsed += clock.item()
        self._count += 1
        if self._count % 50 == 0:
            self.log(" ".join(f"{k} {np.mean(v):.3f}" for k, v in sorted(self._sums.items())))
            self._sums.clear()
        if self._elapsed - self._saved > SAVE_EVERY:
            self.save()

    def log(self, words: str) -> None:
        """Print one line with the step and the clock."""
        if self._rank:
            return
        print(f"{self._count} {self._elapsed / 60:.1f} min {words}", flush=True)  # noqa: T201

    def save(self) -> None:
        """Write averaged weights, live weights, optimiser and counters."""
        self._saved = self._elapsed
        if self._rank:
            return
        live = {f"n.{k}": v for k, v in self._network.state_dict().items()}
        live |= {f"s.{k}": v for k, v in self._scenes.state_dict().items()}
        counted = {"elapsed": self._elapsed, "steps": self._count}
        checkpoint.write(self._folder, {AVERAGE: self._average, "live": live}, self._optimiser, counted)

    def _restore(self) -> None:
        live = checkpoint.read(self._folder, "live")
        self._network.load_state_dict({k[2:]: v for k, v in live.items() if k.startswith("n.")})
        self._scenes.load_state_dict({k[2:]: v for k, v in live.items() if k.startswith("s.")})
        self._average = read_average(self._folder, self._device)
        checkpoint.restore(self._folder, self._optimiser)


def _summed(gradients: torch.Tensor) -> torch.Tensor:
    """Return the sum over all workers; they meet on the CPU, also where they share a GPU."""
    met = gradients.cpu()
    torch.distributed.all_reduce(met)
    return met.to(gradients.device)
