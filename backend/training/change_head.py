"""Stage 7: the head that finds change, on Mini's features as they are, from made pairs alone; one command.

    python -m backend.training.change_head --pairs DATASET --pack build/training/pack.zip \
        --labels build/training/painter_labels.npz --out build/training/change --ship backend/weights/mini-change

`DATASET` is a folder that `python -m backend change … --count N` writes (several may be named). With `--pack` and
`--labels` (of `painter_labels`) pairs by copy and paste are added. Stops and goes on: the same command takes up the
newest checkpoint and ends as a run that was never stopped. No real pair of two dates is ever seen.
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

from backend.models.mini_change_network import ChangeHead
from backend.models.mini_graphs import FOLDER, Graph
from backend.training import checkpoint
from backend.training.change_batches import Batches
from backend.training.change_export import export
from backend.training.change_losses import change_losses, total
from backend.training.change_pairs import Pair, read_made, read_pairs, write_made
from backend.training.change_pasted import Paster
from backend.training.change_places import load_places
from backend.training.change_scores import scores
from backend.training.devices import add_device, chosen

PEAK, WARM, DECAY = 2e-3, 60, 0.995
PASTED_WEIGHT = 2.0
"""How often pasted pairs are drawn for each painted one: their houses are real roofs, the painter's are rough."""
LOGGED, SAVED = 50, 200


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, action="append", default=[], help="a dataset's folder")
    parser.add_argument("--pack", type=Path, help="for pasted pairs")
    parser.add_argument("--labels", type=Path, help="for pasted pairs: the pack's land cover, of painter_labels")
    parser.add_argument("--pasted", type=int, default=600, help="how many pairs are pasted")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ship", type=Path, help="where to write the graph that ships")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=6, help="pairs a step")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    if not args.pairs and not (args.pack and args.labels):
        parser.error("name a dataset with --pairs, or --pack and --labels for pasted pairs")
    torch.set_num_threads(args.threads)
    encoder = Graph(FOLDER / "encoder.onnx", threads=args.threads)
    learnt, checked = gathered(args)
    batches = Batches(learnt, encoder, args.batch, args.seed)
    run = HeadRun(batches, args.out, args.steps, args.seed, chosen(args.device))
    run.train()
    head = run.averaged()
    for name, pairs in checked.items():
        print(name, scores(head, encoder, pairs), flush=True)  # noqa: T201
    if args.ship:
        export(head, args.ship)


def gathered(args: argparse.Namespace) -> tuple[list[tuple[float, list[Pair]]], dict[str, list[Pair]]]:
    """Return groups of pairs that teach, with weights, and pairs of each sort that check."""
    groups: list[tuple[float, list[Pair]]] = []
    checked: dict[str, list[Pair]] = {}
    painted = [pair for folder in args.pairs for pair in read_pairs(folder, "train")]
    if painted:
        groups.append((1.0, painted))
        checked["painted"] = [pair for folder in args.pairs for pair in read_pairs(folder, "validation")]
    if args.pack and args.labels:
        made = pasted(args)
        kept = max(1, len(made) // 10)
        groups.append((PASTED_WEIGHT if painted else 1.0, made[kept:]))
        checked["pasted"] = made[:kept]
    return groups, checked


def pasted(args: argparse.Namespace) -> list[Pair]:
    """Return the pairs by copy and paste; a run's folder keeps them for when it goes on."""
    path = args.out / f"pasted-{args.pasted}-{args.seed}.npz"
    if not path.exists():
        args.out.mkdir(parents=True, exist_ok=True)
        paster = Paster(load_places(args.pack, args.labels), np.random.default_rng([args.seed, 1]))
        write_made(path, [paster.pair() for _ in range(args.pasted)])
    return read_made(path)


class HeadRun:
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(self, batches: Batches, folder: Path, steps: int, seed: int, device: torch.device) -> None:
        torch.manual_seed(seed)
        self._batches, self._folder, self._steps, self._device = batches, folder, steps, device
        self._head = ChangeHead().to(device)
        self._optimiser = torch.optim.AdamW(self._head.parameters(), lr=PEAK, weight_decay=0.02, betas=(0.9, 0.99))
        self.losses: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        state = checkpoint.read_state(folder)
        if state is None:
            first = batches.step(steps).to(device)
            self._head.measure([torch.cat(dates) for dates in zip(first.before, first.after, strict=True)])
        self._average = {key: value.clone() for key, value in self._head.state_dict().items()}
        if state is not None:
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

    def averaged(self) -> ChangeHead:
        """Return the head with averaged weights."""
        head = ChangeHead()
        head.load_state_dict({key: value.cpu() for key, value in self._average.items()})
        return head.eval()

    def _step(self, number: int) -> tuple[float, dict[str, float]]:
        for group in self._optimiser.param_groups:
            group["lr"] = PEAK * max(_rate(number, self._steps), 0.01)
        seen = self._batches.step(number).to(self._device)
        losses = change_losses(self._head(seen.before, seen.after), seen.kinds, seen.was, seen.now)
        loss = total(losses)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._head.parameters(), 2.0)
        self._optimiser.step()
        decay = min(DECAY, (1 + number) / (10 + number))
        for key, value in self._head.state_dict().items():
            self._average[key].lerp_(value, 1 - decay)
        return loss.item(), {name: value.item() for name, value in losses.items()}

    def _save(self) -> None:
        """Write weights, averages, optimiser and losses."""
        parts = {"live": self._head.state_dict(), "average": self._average}
        checkpoint.write(self._folder, parts, self._optimiser, {"losses": self.losses})

    def _restore(self, state: dict[str, Any]) -> None:
        self.losses = state["losses"]
        self._head.load_state_dict(checkpoint.read(self._folder, "live"))
        self._average = {key: value.to(self._device) for key, value in checkpoint.read(self._folder, "average").items()}
        checkpoint.restore(self._folder, self._optimiser)


def _rate(number: int, steps: int) -> float:
    """Return the share of the peak rate: a rise, then half a cosine."""
    if number < WARM:
        return (number + 1) / WARM
    return (1 + math.cos(math.pi * (number - WARM) / max(steps - WARM, 1))) / 2


if __name__ == "__main__":
    main()
