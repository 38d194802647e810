"""Stage 3: many more epochs for the embedding alone, on pooled features that are computed once.

    python -m backend.training.fit_gate --pack build/training/pack.zip --run build/training/run

Trains SFM's projections and gate on EuroSAT's teaching chips (two views each) with everything below them fixed, and
writes `gate.safetensors` into the run; the export takes it from there. Stopped, the same command goes on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from backend.models.mini_fusion import Gate
from backend.models.mini_network import MiniNetwork
from backend.training.devices import add_device, chosen
from backend.training.embed_losses import CHIP, SceneClassifier, contrast, scene_views
from backend.training.epochs import Stateful, epochs
from backend.training.phrases import SCENES
from backend.training.pictures import load_scenes

BATCH, EPOCHS, PEAK = 256, 40, 1.5e-3
CONTRAST, NOISE = 0.1, 0.05


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    network = MiniNetwork()
    network.load_state_dict(load_file(args.run / "average.safetensors"))
    chips, classes = load_scenes(args.pack)
    network.eval().to(chosen(args.device))
    views = pooled(network, chips, np.random.default_rng(args.seed))
    kept = args.run / f"gate-{args.seed}.unfinished"
    fit(network.gate, views, torch.from_numpy(classes), kept=kept)
    save_file({k: v.cpu().contiguous() for k, v in network.gate.state_dict().items()}, args.run / "gate.safetensors")
    kept.unlink()


@torch.no_grad()
def pooled(network: MiniNetwork, chips: NDArray[np.uint8], drawn: np.random.Generator) -> list[list[Tensor]]:
    """Return, for each of two views (as it is, and a part at another scale), the pooled scales of all chips."""
    device = next(network.parameters()).device
    found: list[list[list[Tensor]]] = [[], []]
    for start in range(0, len(chips), 64):
        part = chips[start : start + 64]
        whole = torch.from_numpy(part).permute(0, 3, 1, 2).float()
        whole = torch.nn.functional.interpolate(whole, (CHIP, CHIP), mode="bilinear")
        for view, pixels in enumerate((whole, scene_views(part, drawn)[: len(part)])):
            _, levels, deepest = network.levels(pixels.to(device))
            found[view].append(network.gate.pool(levels, deepest))
    return [[torch.cat(scale) for scale in zip(*view, strict=True)] for view in found]


def fit(gate: Gate, views: list[list[Tensor]], classes: Tensor, count: int = EPOCHS, kept: Path | None = None) -> None:
    """Train the gate in place, on its own device, for `count` epochs; `kept` is where a stopped run goes on from."""
    device = next(gate.parameters()).device
    classes, scenes = classes.to(device), SceneClassifier(len(SCENES)).to(device)
    optimiser = torch.optim.AdamW([*gate.parameters(), *scenes.parameters()], weight_decay=0.05)
    spread = [scale.std(0) for scale in views[0]]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK, count * (len(classes) // BATCH + 1))
    parts: dict[str, Stateful] = {"gate": gate, "scenes": scenes, "optimiser": optimiser, "schedule": schedule}
    for epoch in epochs(count, kept, parts):
        hits = []
        for rows in torch.split(torch.randperm(len(classes)), BATCH):
            noisy = [
                [p[rows] + NOISE * s * torch.randn(len(rows), 1).to(device) for p, s in zip(v, spread, strict=True)]
                for v in views
            ]
            first, second = (gate.fuse(view)[0] for view in noisy)
            logits = scenes(torch.cat([first, second]))
            target = classes[rows].repeat(2)
            loss = torch.nn.functional.cross_entropy(logits, target, label_smoothing=0.05)
            loss = loss + CONTRAST * contrast(first, second)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            hits.append((logits.argmax(1) == target).float().mean().item())
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: {np.mean(hits):.3f} of teaching views right", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
