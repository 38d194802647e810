"""Trees of NAIP by points, through the ground job: a tree is found by an object whose middle is within 6 m of it.

Each object finds one tree at most, so that the most are found. Chips without a table of points are left out. All of
these chips were in the training of Mini's text head; only its pixel decoder leaves the held-out towns out.
"""

from __future__ import annotations

import csv

import numpy as np
from scipy.optimize import linear_sum_assignment

from tests.benchmarks.quality import NAIP_HELD
from tests.benchmarks.quality_ground import grounded, of_split, rates, table

NEAR_M = 6.0


def measure(model, args):
    """Return precision, recall and F1 of trees."""
    folder = args.data / "naip_trees"
    if not folder.is_dir():
        return {"left out": "there is no folder naip_trees"}
    known = [
        path
        for path in sorted((folder / "images").glob("*.tif"))
        if (folder / "points" / f"{path.stem}.csv").is_file() and of_split(args.split, path.stem.startswith(NAIP_HELD))
    ]
    drawn = sorted(np.random.default_rng(args.seed).permutation(len(known))[: args.limit])
    pictures = []
    for path in [known[i] for i in drawn]:
        with grounded(args, path, ("tree",), "instances", (1, 2, 3)) as answered:
            shapes, metres = [shape for _, shape in answered.objects()], answered.grid.transform.a
        with (folder / "points" / f"{path.stem}.csv").open() as file:
            points = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]).reshape(-1, 2)
        middles = np.array([(shape.centroid.x, shape.centroid.y) for shape in shapes]).reshape(-1, 2)
        hits = paired(middles, points, NEAR_M / metres)
        pictures.append((path.stem.rsplit("_", 2)[0], (hits, len(middles), len(points))))
    return table(pictures, lambda counts: rates(*(sum(column) for column in zip(*counts, strict=True))), "f1")


def paired(one, other, near):
    """Return how many pairs of places (n, 2) no farther apart than `near` there are at most, each in one pair."""
    far = np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1))
    pairs = linear_sum_assignment(np.where(far <= near, far, 1e6))
    return int((far[pairs] <= near).sum())
