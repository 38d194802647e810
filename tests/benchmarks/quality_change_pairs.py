"""Pairs that the job `change` makes of held-out places: what stays to the bit, and whether the new things look so.

Dubai, squares of 256 pixels: buildings come, buildings go, land cover becomes another by the published table. What is
there is the truth's (five classes, `like` as the job's own synonyms say); what is seen afterwards is Mini's class map
of five phrases it was never trained on, as in the figure of phrases. Mini's map is not the truth: how often it agrees
with the labels where nothing changed is told beside it, which is what real pictures reach.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

from backend.errors import BadInput
from backend.jobs.changing import run_pairs
from backend.jobs.run_context import RunContext
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.change.job import LABELS
from backend.training.phrases import UNSEEN
from tests.benchmarks.quality import DUBAI_HELD
from tests.benchmarks.quality_ground import loaded_models, of_split

SIDE, METRES = 256, 0.4
EVENTS = {"add": "buildings come", "remove": "buildings go", "swap": "land cover becomes another"}
BUILDING = 1
CLASSES = "0=unknown;1=building;2=land;3=road;4=vegetation;5=water"


def measure(model, args) -> dict:
    """Return, for each event, how much changed, whether the rest stayed, and how much of it is seen as what it is."""
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    folder = args.data / "dubai"
    if not folder.is_dir():
        return {"left out": "there is no folder dubai"}
    vectors = model.phrases([phrases[0] for phrases in UNSEEN.values()])
    paths = [
        p for p in sorted((folder / "images").glob("*.jpg")) if of_split(args.split, p.name.startswith(DUBAI_HELD))
    ]
    found = {}
    for event, title in EVENTS.items():
        rows = []
        for path in paths[: args.limit]:
            with tempfile.TemporaryDirectory() as name:
                pair = made(path, folder / "masks" / f"{path.stem}.png", event, args, Path(name))
                rows += [seen(model, vectors, pair)] if pair else []
        found[title] = summed(rows)
    return found


def made(image, mask, event, args, folder) -> Path | None:
    """Return the folder of a pair of one picture; None where nothing in it can change so."""
    loaded, models = loaded_models()
    parameters = {"event": event, "side": SIDE, "seed": args.seed, "metres": METRES, "classes": CLASSES}
    parameters |= {} if event == "swap" else {"class": "building"}
    request = JobRequest("change", args.painter, Source(path=str(image)), parameters=parameters)
    request = JobRequest(**{**vars(request), "others": {LABELS: Source(path=str(mask))}})
    try:
        run_pairs(request, folder / "made", RunContext(loaded, models, folder / "runs", lambda *_: None))
    except BadInput as error:
        print(f"{image.name}, {event}: {error.detail}")
        return None
    return folder / "made"


def seen(model, vectors, folder) -> np.ndarray:
    """Return counts of a pair: pixels, unchanged, of them identical, changed, agreeing, old gone; unchanged agreeing.

    Changed pixels count where the labels name what was there and what is.
    """
    before, after, was, now, changed = (
        _read(folder / f"{name}.tif") for name in ("before", "after", "labels_before", "labels_after", "change")
    )
    was, now, changed = was[..., 0], now[..., 0], changed[..., 0] == 1
    same = (before == after).all(2)
    classes = _classes(model, vectors, after)
    here, still = changed & (now > 0), ~changed & (now > 0)
    return np.array(
        [
            changed.size, (~changed).sum(), same[~changed].sum(), here.sum(), (classes == now)[here].sum(),
            (changed & (was > 0)).sum(), (classes != was)[changed & (was > 0)].sum(),
            still.sum(), (classes == now)[still].sum(),
        ]
    )  # fmt: skip


def summed(rows) -> dict:
    """Return the shares of all pairs together."""
    if not rows:
        return {"pairs": 0}
    pixels, stayed, same, changed, agree, known, gone, still, right = np.sum(rows, 0)
    return {
        "pairs": len(rows),
        "changed": round(float(1 - stayed / pixels), 3),
        "unchanged pixels identical": bool(same == stayed),
        "seen as the new class": round(float(agree / max(changed, 1)), 3),
        "no longer seen as the old": round(float(gone / max(known, 1)), 3),
        "seen as labelled where nothing changed": round(float(right / max(still, 1)), 3),
    }


def _classes(model, vectors, picture) -> np.ndarray:
    scores = model.scores(model.dense(picture, np.ones(picture.shape[:2], bool)), vectors)
    best = scores.argmax(0) + 1
    return np.kron(best, np.ones((model.stride, model.stride), int))[: picture.shape[0], : picture.shape[1]]


def _read(path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return np.moveaxis(dataset.read(), 0, 2)[..., :3]
