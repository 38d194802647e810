"""A class map of Dubai from phrases Mini was never trained with: argmax over five phrases, mean IoU."""

from __future__ import annotations

import numpy as np

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol.source import Source
from backend.tasks.ground.blend import Blender
from backend.tasks.ground.scorer import Scorer
from backend.tasks.tiles import TileLattice
from backend.training.phrases import TRAINED, UNSEEN
from tests.benchmarks.quality import DUBAI_HELD, DUBAI_TUNE, chosen

UNKNOWN_THINGS = ("giraffe", "snow leopard", "aircraft carrier", "quantum physics")


def measure(model, args):
    """Return mIoU for every set of phrases, IoU of each class, and how often phrases for nothing fire."""
    if not (args.data / "dubai").is_dir():
        return {"left out": "there is no folder dubai"}
    trained = {phrase for phrases in TRAINED.values() for phrase in phrases}
    sets = [tuple(phrases[i] for phrases in UNSEEN.values()) for i in range(2)]
    if trained & {phrase for phrases in sets for phrase in phrases}:
        raise ValueError("a phrase of the benchmark is among the trained ones")
    crossed = [np.zeros((6, 6), np.int64) for _ in sets]
    fires = []
    for path in sorted((args.data / "dubai" / "images").glob("*.jpg")):
        if not chosen(args.split, path.name.startswith(DUBAI_TUNE), path.name.startswith(DUBAI_HELD)):
            continue
        with (
            SourceReader(Source(path=str(path)), path) as reader,
            SourceReader(
                Source(path=str(args.data / "dubai" / "masks" / f"{path.stem}.png"), bands=(1,)),
                args.data / "dubai" / "masks" / f"{path.stem}.png",
            ) as masks,
        ):
            truth = masks._dataset.read(1)
            for phrases, counts in zip(sets, crossed, strict=True):
                classes, _ = classified(reader, model, phrases)
                known = (truth > 0) & (classes > 0)
                counts += np.bincount(truth[known] * 6 + classes[known], minlength=36).reshape(6, 6)
            _, best = classified(reader, model, UNKNOWN_THINGS)
            fires.append(float((best > 0).mean()))
    return {
        "sets": [
            {"phrases": phrases, "miou": round(float(np.mean(_ious(counts))), 4), "ious": _named(counts)}
            for phrases, counts in zip(sets, crossed, strict=True)
        ],
        "unknown": {"phrases": UNKNOWN_THINGS, "share of pixels above one half": round(float(np.mean(fires)), 4)},
    }


def classified(reader, model, phrases):
    """Return which phrase fits each pixel best, from 1 on (0 no data), and its logit."""
    grid = reader.grid
    lattice = TileLattice.over(grid.width, grid.height, model.input_size, 1, reader.origin)
    blender = Blender(reader, lattice, Scorer(model, model.phrases(list(phrases))))
    found = blender.window(Window(0, 0, grid.width, grid.height), lambda *_: None)
    logits = np.stack([found.full(band) for band in range(len(found))])
    return np.where(found.valid, logits.argmax(0) + 1, 0), np.where(found.valid, logits.max(0), -np.inf)


def _ious(counts):
    inner = counts[1:, 1:]
    return [inner[i, i] / max(inner[i].sum() + inner[:, i].sum() - inner[i, i], 1) for i in range(5)]


def _named(counts):
    return {name: round(float(value), 3) for name, value in zip(UNSEEN, _ious(counts), strict=True)}
