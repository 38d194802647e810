"""How well a few clicks find what they show: average precision and IoU at the threshold, on Dubai's class masks.

    python tests/benchmarks/search_likeness.py --data DIR [--split tune|held] [--trials 3] [--seed 1]

Mini's dense vectors, at unit length as files hold them, of the middle 512 x 512 pixels of each picture. Clicks are
drawn two cells or more from the border of a class that covers 3 % of the picture, unwanted ones likewise in the others;
cells without a class do not count. `tune` is tiles 1 and 2, which constants were chosen on; `held` is tile 8, which
neither Mini nor these have seen.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # `click.py` beside this file is not the package rasterio wants

import numpy as np
import rasterio
from scipy import ndimage
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from backend.tasks.search import background
from backend.tasks.search.by_examples import like
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from tests.benchmarks.quality import load_model

TILES = {"tune": ("tile1_", "tile2_"), "held": ("tile8_",)}
SHOWN = ((1, 0), (3, 0), (1, 1), (3, 3), (5, 5), (20, 20))
RIDGES = (1.0, 3.0, 10.0, 30.0)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
SIDE, LEAST, ROOM, MOST = 512, 0.03, 2, 4000


def main() -> int:
    warnings.filterwarnings("ignore")
    args = _arguments()
    drawn = np.random.default_rng(args.seed)
    precision, overlap = {}, {}
    for vectors, classes in _pictures(args):
        for kind in np.unique(classes[classes > 0]):
            wanted, others = classes == kind, (classes != kind) & (classes != 0)
            inner, outer = (np.flatnonzero(ndimage.binary_erosion(mask, iterations=ROOM)) for mask in (wanted, others))
            if wanted.mean() < LEAST or min(len(inner), len(outer)) < 20:
                continue
            counted = drawn.permutation(np.flatnonzero(classes.ravel() > 0))[:MOST]
            truth = wanted.ravel()[counted]
            for _ in range(args.trials):
                for shown in SHOWN:
                    clicks = [drawn.choice(cells, n) for cells, n in zip((inner, outer), shown, strict=True)]
                    yes, no = ([vectors[cell][None] for cell in cells] for cells in clicks)
                    for name, scores in _methods(vectors, counted, yes, no):
                        found = average_precision_score(truth, scores)
                        precision.setdefault(name, {}).setdefault(shown, []).append(found)
                        if name == "discriminant, ridge 10":
                            for least in THRESHOLDS:
                                hit = scores > least
                                iou = (hit & truth).sum() / max(1, (hit | truth).sum())
                                overlap.setdefault(least, {}).setdefault(shown, []).append(iou)
    print(f"{args.split}, {len(precision['cosine, nearest'][SHOWN[0]])} trials, seed {args.seed}")
    print(f"{'average precision; wanted, unwanted:':<40}" + "".join(f"{f'{a}, {b}':>9}" for a, b in SHOWN))
    _table(precision)
    print("IoU of the discriminant at a threshold of")
    _table(overlap)
    return 0


def _methods(vectors, counted, yes, no):
    some, wanted, unwanted = vectors[counted], np.concatenate(yes), np.concatenate(no) if no else None
    cosine = (some @ wanted.T).max(1)
    yield "cosine, nearest", cosine - (0 if unwanted is None else (some @ unwanted.T).max(1))
    mean = some @ wanted.mean(0)
    yield "cosine, mean", mean - (0 if unwanted is None else some @ unwanted.mean(0))
    table = VectorTable(vectors, np.empty(0, object), "", (), Identity("mini", "", 64), "", ())
    for ridge in RIDGES:
        background.RIDGE = ridge
        found = like(yes, no, background.background_of(table))
        yield f"discriminant, ridge {ridge:g}", some @ found.weights + found.bias
    if unwanted is not None and len(unwanted) > 1:
        labels = np.r_[np.ones(len(wanted)), np.zeros(len(unwanted))]
        middle = vectors.mean(0)
        probe = LogisticRegression(max_iter=200).fit(20 * (np.concatenate([wanted, unwanted]) - middle), labels)
        yield "logistic regression", probe.decision_function(20 * (some - middle))


def _pictures(args):
    """Yield vectors (cells, 64) and classes (rows, columns) of each picture."""
    model = load_model("mini")
    for path in sorted((args.data / "dubai" / "images").glob("*.jpg")):
        if not path.name.startswith(TILES[args.split]):
            continue
        with rasterio.open(path) as source:
            image = source.read().transpose(1, 2, 0)
        with rasterio.open(args.data / "dubai" / "masks" / f"{path.stem}.png") as source:
            mask = source.read(1)
        top, left = (max(0, (side - SIDE) // 2) for side in mask.shape)
        part = np.s_[top : top + SIDE, left : left + SIDE]
        image, mask = np.ascontiguousarray(image[part]), mask[part]
        dense = model.dense(image, np.ones(mask.shape, bool))
        dense = dense / np.linalg.norm(dense, axis=0)
        classes = np.zeros(dense.shape[1:], np.uint8)
        middles = mask[2::4, 2::4]
        classes[: middles.shape[0], : middles.shape[1]] = middles
        yield dense.reshape(len(dense), -1).T, classes


def _table(rows):
    for name, row in rows.items():
        print(f"{name:<40}" + "".join(f"{np.mean(row[shown]) if shown in row else np.nan:>9.3f}" for shown in SHOWN))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--split", choices=tuple(TILES), default="tune")
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
