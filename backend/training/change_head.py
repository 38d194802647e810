"""Stage 7: the head that finds change, on Mini's features as they are, from made pairs alone; one command.

    python -m backend.training.change_head --pairs DATASET --pack build/training/pack.zip \
        --labels build/training/painter_labels.npz --out build/training/change --ship backend/weights/mini-change

`DATASET` is a folder that `python -m backend change … --count N` writes (several may be named). With `--pack` and
`--labels` (of `painter_labels`) pairs by copy and paste are added. Stops and goes on: the same command takes up the
newest checkpoint and ends as a run that was never stopped. No real pair of two dates is ever seen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_change_network import ChangeHead
from backend.models.mini_graphs import FOLDER, Graph
from backend.training.averaged_run import AveragedRun, Recipe
from backend.training.change_batches import Batches
from backend.training.change_export import export
from backend.training.change_losses import change_losses, total
from backend.training.change_pairs import Pair, read_made, read_pairs, write_made
from backend.training.change_pasted import Paster
from backend.training.change_places import load_places
from backend.training.change_scores import balance, scores
from backend.training.devices import add_device, chosen

RECIPE = Recipe(peak=2e-3, warm=60, decay=0.995, shrink=0.02, clip=2.0, logged=50, saved=200)


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
    run.finish()
    head = run.averaged()
    balance(head, [scores(head, encoder, pairs) for pairs in checked.values()])
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
        groups.append((1.0, made[kept:]))
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


class HeadRun(AveragedRun[ChangeHead]):
    """A run in a folder; made again from the same arguments, it goes on where it stopped."""

    def __init__(self, batches: Batches, folder: Path, steps: int, seed: int, device: torch.device) -> None:
        self._batches = batches
        super().__init__(ChangeHead, RECIPE, folder, steps, seed, device)

    def _begin(self) -> None:
        first = self._batches.step(self._steps).to(self._device)
        self.network.measure([torch.cat(dates) for dates in zip(first.before, first.after, strict=True)])
        super()._begin()

    def _losses(self, number: int) -> tuple[Tensor, dict[str, Tensor]]:
        seen = self._batches.step(number).to(self._device)
        losses = change_losses(self.network(seen.before, seen.after), seen.kinds, seen.was, seen.now)
        return total(losses), losses


if __name__ == "__main__":
    main()
