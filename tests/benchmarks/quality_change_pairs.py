"""Pairs that the job `change` makes of held-out places: what stays to the bit, and whether the new things look so.

Dubai, squares of 256 pixels: buildings come, buildings go, land cover becomes another by the published table. What is
there is the truth's (five classes, `like` as the job's own synonyms say); what is seen afterwards is Mini's class map
of five phrases it was never trained on, as in the figure of phrases. Mini's map is not the truth: how often it agrees
with the labels of the same classes where nothing changed is told beside it, which is what real pictures reach.
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
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.change.job import LABELS
from backend.training.phrases import UNSEEN
from tests.benchmarks.quality import DUBAI_HELD
from tests.benchmarks.quality_ground import loaded_models, of_split

SIDE, METRES = 256, 0.4
EVENTS = {"add": "buildings come", "remove": "buildings go", "swap": "land cover becomes another"}
MARGINS = 0, 4
"""Metres around what changes that are painted too."""
NAMED = np.arange(6) > 0
"""Of the values of labels, those that say what is there."""
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
    for margin in MARGINS:
        every = []
        for event, title in EVENTS.items():
            rows = []
            for path in paths[: args.limit]:
                with tempfile.TemporaryDirectory() as name:
                    pair = made(path, folder / "masks" / f"{path.stem}.png", event, args, Path(name), margin)
                    rows += [seen(model, vectors, pair)] if pair else []
            found[f"{title}, margin {margin} m"] = summed(rows)
            every += rows
        found[f"all of them, margin {margin} m"] = summed(every)
    return found


def made(image, mask, event, args, folder, margin=0) -> Path | None:
    """Return the folder of a pair of one picture; None where nothing in it can change so."""
    loaded, models = loaded_models()
    parameters = {"event": event, "side": SIDE, "seed": args.seed, "metres": METRES, "classes": CLASSES}
    parameters["margin"] = margin
    parameters |= {} if event == "swap" else {"class": "building"}
    request = JobRequest("change", args.painter, Source(path=str(image)), parameters=parameters)
    request = JobRequest(**{**vars(request), "others": {LABELS: Source(path=str(mask))}})
    try:
        run_pairs(request, folder / "made", RunContext(loaded, models, folder / "runs", lambda *_: None))
    except BadInput as error:
        if error.code != codes.NOTHING_CHANGES:
            raise
        return None
    return folder / "made"


def seen(model, vectors, folder) -> np.ndarray:
    """Return counts of a pair, (7, 6).

    The first row: pixels, changed, unchanged, identical of these. Then by class: afterwards changed, of them seen so,
    unchanged, of them seen so; before changed, of them no longer seen so.
    """
    before, after, was, now, changed = (
        _read(folder / f"{name}.tif") for name in ("before", "after", "labels_before", "labels_after", "change")
    )
    was, now, changed = (maps[..., 0] for maps in (was, now, changed))
    classes, there, still = _classes(model, vectors, after), changed == 1, changed == 0
    same, right = (before == after).all(2), classes == now
    wholes = np.array([changed.size, there.sum(), still.sum(), same[still].sum(), 0, 0])
    parts = [(now, there), (now, there & right), (now, still), (now, still & right)]
    parts += [(was, there), (was, there & (classes != was))]
    return np.stack([wholes, *(np.bincount(labels[where], minlength=6)[:6] * NAMED for labels, where in parts)])


def summed(rows) -> dict:
    """Return the shares of all pairs together; real pixels are those that did not change, classes as often as new."""
    if not rows:
        return {"pairs": 0}
    (pixels, there, stayed, same, *_), changed, agree, still, right, known, gone = np.sum(rows, 0)
    real = changed * right / np.maximum(still, 1)
    return {
        "pairs": len(rows),
        "changed": round(float(there / pixels), 3),
        "unchanged pixels identical": bool(same == stayed),
        "seen as the new class": round(float(agree.sum() / max(changed.sum(), 1)), 3),
        "real pixels of those classes": round(float(real.sum() / max(changed.sum(), 1)), 3),
        "no longer seen as the old": round(float(gone.sum() / max(known.sum(), 1)), 3),
    }


def _classes(model, vectors, picture) -> np.ndarray:
    scores = model.scores(model.dense(picture, np.ones(picture.shape[:2], bool)), vectors)
    best = scores.argmax(0) + 1
    return np.kron(best, np.ones((model.stride, model.stride), int))[: picture.shape[0], : picture.shape[1]]


def _read(path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return np.moveaxis(dataset.read(), 0, 2)[..., :3]
