"""Times on the CPU, side by side in one run: Mini's encoder against TinyViT-5M at 512 x 512, and its prompt decoder."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from backend.models.mini_graphs import Graph
from tests.benchmarks.quality import CLICKS, cases, run
from tests.benchmarks.tiny_vit import TinyViT

SIDE, ROUNDS, OBJECTS = 512, 15, 5


def measure(model, args):
    """Return milliseconds; both encoders take turns, so that a busy machine disturbs them alike.

    `decode` is over all clicks of real objects; `first` over their first clicks, which look at a place never seen.
    """
    image = np.random.default_rng(args.seed).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    valid = np.ones((SIDE, SIDE), bool)
    pixels = np.ascontiguousarray(image.transpose(2, 0, 1)[None].astype(np.float32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny_vit.onnx"
        network = TinyViT().eval()
        torch.onnx.export(
            network, (torch.from_numpy(pixels),), str(path), input_names=["image"], opset_version=17, dynamo=False
        )
        other = Graph(path)
        steps = {"encode": lambda: model.encode(image, valid), "tiny_vit": lambda: other(image=pixels)}
        times = {name: [] for name in steps}
        for _ in range(ROUNDS):
            for name, step in steps.items():
                started = time.perf_counter()
                step()
                times[name].append(1000 * (time.perf_counter() - started))
    clicked = [run(model, case)["decodes"] for case in cases(args.data, args.split, OBJECTS, args.seed)]
    times["decode"] = [1000 * t for row in clicked for t in row]
    times["first"] = [1000 * row[0] for row in clicked]
    answer = {
        name: {"median_ms": round(float(np.median(t)), 1), "least_ms": round(min(t), 1)} for name, t in times.items()
    }
    answer["encode / tiny_vit"] = round(answer["encode"]["median_ms"] / answer["tiny_vit"]["median_ms"], 2)
    answer["tiny_vit millions"] = round(sum(p.numel() for p in network.parameters()) / 1e6, 2)
    answer["clicks"] = f"{max(CLICKS)} on each of {len(clicked)} objects"
    return answer
