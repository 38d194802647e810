"""Stage 2: train Mini, all heads at once.

    python -m backend.training.train --pack pack.zip --start LITE0.pth --minilm DIR --out build/training/run

The learning rate follows the clock (or --steps), so a slower machine ends just as well cooled down. Stops and goes on:
the same command takes up the newest checkpoint, on a GPU or on the CPU, wherever it was begun.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed
from safetensors.torch import save_file
from torch.multiprocessing.spawn import spawn

from backend.training.devices import add_device, chosen
from backend.training.sentences import SentenceTower, package_folder
from backend.training.state import Run
from backend.training.text_losses import all_sentences

WORKERS, CROPS, CHIPS = {"cpu": 2, "cuda": 1}, {"cpu": 6, "cuda": 24}, {"cpu": 8, "cuda": 32}


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument(
        "--start", type=Path, help="EfficientNet-Lite0 checkpoint; without it the body starts at random"
    )
    parser.add_argument(
        "--minilm", type=Path, help="model folder of the sentence tower; default: the installed package"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--steps", type=int, help="end after so many steps, whatever the clock says")
    parser.add_argument(
        "--again", type=float, default=0, help="go on and cool down anew from this share of the peak rate"
    )
    parser.add_argument("--crops", type=int, help="crops a step and worker; default: 6, on a GPU 24")
    parser.add_argument("--chips", type=int, help="scenes beside crops of native resolution; default: 8, on a GPU 32")
    parser.add_argument("--seed", type=int, default=1337)
    workers = "processes of one thread each, whose gradients are averaged; default: 2, on a GPU, which they share, 1"
    parser.add_argument("--workers", type=int, help=workers)
    add_device(parser)
    args = parser.parse_args()
    args.device = chosen(args.device).type
    for name, usual in (("workers", WORKERS), ("crops", CROPS), ("chips", CHIPS)):
        if getattr(args, name) is None:
            setattr(args, name, usual[args.device])
    args.out.mkdir(parents=True, exist_ok=True)
    phrases = args.out / "phrases.safetensors"
    if not phrases.exists():
        sentences = all_sentences()
        vectors = torch.from_numpy(SentenceTower(args.minilm or package_folder(), torch.device(args.device))(sentences))
        save_file({s: v.clone() for s, v in zip(sentences, vectors, strict=True)}, phrases)
    with tempfile.TemporaryDirectory() as meeting:
        spawn(work, (args, f"file://{meeting}/meet"), args.workers)  # type: ignore[no-untyped-call]


def work(rank: int, args: argparse.Namespace, meeting: str) -> None:
    """Train as one of the processes."""
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=args.workers)
    run = Run(args, rank)
    while run.progress() < 1:
        started = time.monotonic()
        run.step()
        run.advance(time.monotonic() - started)
    run.save()
    run.log("done")
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
