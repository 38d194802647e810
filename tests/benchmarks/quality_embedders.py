"""Every offline embedder on EuroSAT in one run: a linear probe, five shots, NeuCo-Bench's Q, and the compressor.

    python tests/benchmarks/quality.py --data DIR --model mini --figures embedders [--chips 2000] [--geoembed G.onnx]

Chips are drawn by `--seed`; every fifth picture by its name's hash is held out, and never trained on by Mini's recipe.
`accuracy` (multinomial logistic regression, its penalty chosen on a part of the teaching chips) and `5-shot` (nearest
of five chips a class, mean of ten draws) learn the teaching chips and are of the held-out ones. `Q` is `evaluate`'s
protocol within held-out chips only: four classes as tasks of two, and two numbers that the picture itself has. RCF and
the compressor are fitted to the teaching chips, without their classes.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from backend.models.catalog import catalog
from backend.models.compressor import Compressor, Input
from backend.models.compressor_network import HIDDEN
from backend.models.geoembed import GeoEmbed
from backend.paths import models_folder
from backend.tasks.evaluate.embeddings import Embeddings
from backend.tasks.evaluate.probe import Settings
from backend.tasks.evaluate.protocol import evaluate
from backend.tasks.evaluate.scores import CLASSIFICATION, REGRESSION
from backend.tasks.evaluate.tasks import Task
from backend.training.compressor import EPOCHS, Run
from tests.benchmarks.quality import load_model
from tests.benchmarks.quality_embedding import colours, few, probe, read

LABELLED = 400
"""Held-out chips that Q is of."""
CODES, NUMBERS = (256, 1024), 256
KINDS = {"forest": ("Forest",), "water": ("River", "SeaLake"), "crops": ("AnnualCrop", "PermanentCrop"),
         "built": ("Highway", "Industrial", "Residential")}  # fmt: skip
NAMES = (
    "AnnualCrop", "Forest", "HerbaceousVegetation", "Highway", "Industrial",
    "Pasture", "PermanentCrop", "Residential", "River", "SeaLake",
)  # fmt: skip


def measure(model, args):
    """Return the figures of each embedder, of the compressor, and what Q is made of."""
    if not (args.data / "eurosat.zip").is_file():
        return {"left out": "there is no eurosat.zip"}
    torch.set_num_threads(1)
    chips, classes, held = read(args.data / "eurosat.zip", 0, args.seed)
    first = np.arange(len(chips)) < args.chips
    asked = np.flatnonzero(held)[:LABELLED]
    kept = np.union1d(np.flatnonzero(first), asked)
    chips, classes, held, first = (part[kept] for part in (chips, classes, held, first))
    labelled = np.isin(kept, asked)
    taught = first & ~held
    vectors, answer = {}, {"chips": int(first.sum()), "taught": int(taught.sum()), "held": int((first & held).sum())}
    for name, embed in embedders(model, args, chips[taught]).items():
        started = time.perf_counter()
        vectors[name] = np.stack([embed(chip) for chip in chips]).astype(np.float32)
        answer[name] = {"ms a chip": round(1000 * (time.perf_counter() - started) / len(chips), 1)}
    joined = {name: vectors[name] for name in ("mini", "rcf", "geoembed") if name in vectors}
    vectors[" + ".join(joined)] = np.concatenate(list(joined.values()), 1)
    for width in CODES:
        vectors[f"compressed to {width}"], back = compressed(joined, taught, width, args.seed)
        answer[f"compressed to {width}"] = {"brought back of held-out features": back}
    tasks = tasks_of(chips[labelled], classes[labelled])
    methods = [Embeddings(name, list(tasks[0].ids), found[labelled], 0) for name, found in vectors.items()]
    report = evaluate(methods, tasks, Settings(), lambda percent, message: None)
    scores = {one["name"]: one for one in report["methods"]}
    for name, found in vectors.items():
        split = (found[taught], classes[taught], found[first & held], classes[first & held])
        tasked = scores[name]["tasks"].items()
        answer.setdefault(name, {})
        answer[name] |= {
            "width": found.shape[1],
            "accuracy": round(probe(*split), 4),
            "5-shot": round(few(*split, args.seed), 4),
            "mean Q": round(scores[name]["mean_q"], 2),
            "weighted rank": round(scores[name]["weighted_rank"], 2),
            "tasks": {task: f"{one['measure']} {one['mean']:.3f}, Q {one['q']:.1f}" for task, one in tasked},
        }
    return {**answer, "Q of": f"{int(labelled.sum())} held-out chips", "task weights": report["task_weights"]}


def embedders(model, args, source):
    """Return a function from a chip to a vector for each embedder; RCF learns from `source`."""
    found = {"mini": lambda chip: model.embed(chip)[0], "rcf": rcf(source, numbers=NUMBERS)}
    if args.geoembed:
        aerial = GeoEmbed(args.geoembed, 128)
        found["geoembed"] = lambda chip: aerial.embed(chip)[0]
    return {**found, "colour statistics": lambda chip: unit(colours(chip[None])[0] / 255)}


def rcf(source, **parameters):
    """Return `rcf` as `embed` has it: fitted to as many pictures, with its own defaults where nothing is said."""
    unfitted = load_model("rcf")
    spread = np.linspace(0, len(source) - 1, unfitted.sampled).astype(int)
    windows = [(source[i].transpose(2, 0, 1), np.ones(source[i].shape[:2], bool)) for i in spread]
    spec = catalog(models_folder()).get("rcf")
    usual = {one.name: one.default for one in spec.parameters}
    fitted = unfitted.fitted(unfitted.fit(windows, {**usual, **parameters}))
    return lambda chip: fitted.embed(chip.transpose(2, 0, 1))[0]


def unit(vector):
    return vector / np.linalg.norm(vector)


def compressed(vectors, taught, width, seed):
    """Return unit codes of all chips from a compressor of those `taught`, and what comes back of the others."""
    inputs = [Input(name, "", found.shape[1]) for name, found in vectors.items()]
    run = Run(
        inputs, list(vectors.values()), ~taught, dict.fromkeys(vectors, 1.0), width, HIDDEN, seed, torch.device("cpu")
    )
    run.fit(EPOCHS)
    with tempfile.TemporaryDirectory() as folder:
        run.write(Path(folder), {})
        found = Compressor(Path(folder))(list(vectors.values()))
    return found / np.linalg.norm(found, axis=1, keepdims=True), run.brought_back()["held"]


def tasks_of(chips, classes):
    """Return the tasks that classes and pictures of EuroSAT give."""
    ids = [str(number) for number in range(len(chips))]
    values = chips.reshape(len(chips), -1, 3).astype(np.float64)
    names = np.array(NAMES)[classes]
    numbers = {
        "greenness": (values[..., 1] - values[..., 0]).mean(1) / values.sum((1, 2)) * values.shape[1],
        "roughness": np.abs(np.diff(chips.mean(3), axis=2)).mean((1, 2)),
    }
    binary = [Task(name, CLASSIFICATION, ids, np.isin(names, among).astype(float)) for name, among in KINDS.items()]
    return binary + [Task(name, REGRESSION, ids, found) for name, found in numbers.items()]
