"""A class map of Dubai through the ground job: five phrases never trained on, the best one a pixel, mean IoU.

Unlabelled pixels do not count. There are two sets of phrases.
"""

from __future__ import annotations

import numpy as np
import rasterio

from backend.training.phrases import TRAINED, UNSEEN
from tests.benchmarks.quality import DUBAI_HELD
from tests.benchmarks.quality_ground import grounded, of_split, table

CLASSES = tuple(UNSEEN)


def measure(model, args):
    """Return mIoU and IoU of each class for every set of phrases."""
    folder = args.data / "dubai"
    if not folder.is_dir():
        return {"left out": "there is no folder dubai"}
    sets = [tuple(phrases[i] for phrases in UNSEEN.values()) for i in range(2)]
    if {phrase for phrases in TRAINED.values() for phrase in phrases} & {phrase for one in sets for phrase in one}:
        raise ValueError("a phrase of the benchmark is among the trained ones")
    paths = [
        path
        for path in sorted((folder / "images").glob("*.jpg"))
        if of_split(args.split, path.name.startswith(DUBAI_HELD))
    ]
    return {
        "; ".join(phrases): table(
            [(path.stem.split("_")[0], crossed(args, folder, path, phrases)) for path in paths], figures, "miou"
        )
        for phrases in sets
    }


def crossed(args, folder, path, phrases):
    """Return how many pixels of each class (rows) got each phrase (columns)."""
    with rasterio.open(folder / "masks" / f"{path.stem}.png") as masks:
        truth = masks.read(1)
    with grounded(args, path, phrases, "classmap") as answered:
        found = answered.best()
    known = (truth > 0) & (found > 0)
    return np.bincount(truth[known] * 6 + found[known], minlength=36).reshape(6, 6)[1:, 1:]


def figures(counts):
    """Return the figures of pictures together; a class that is neither there nor found does not count."""
    total = np.sum(counts, axis=0)
    union = total.sum(0) + total.sum(1) - np.diag(total)
    ious = {name: np.diag(total)[i] / union[i] for i, name in enumerate(CLASSES) if union[i]}
    named = {name: round(float(value), 3) for name, value in ious.items()}
    return {"miou": round(float(np.mean(list(ious.values()))), 4), **named}
