"""Clicks at other ground resolutions: the same objects, seen coarser or finer than they were taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.models.resample import resample
from tests.benchmarks.quality import cases, run, summary

METRES = {"banepa building": 0.13, "dubai building": 0.4, "dubai vegetation": 0.4, "dubai water": 0.4}
STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LEAST = 60


def measure(model, args):
    """Return, for each resolution in metres, how many objects are still 60 pixels large, and their IoU after clicks."""
    found = list(cases(args.data, args.split, max(10, args.limit // 4), args.seed))
    answer = {}
    for metres in STEPS:
        seen = [at(case, metres / METRES[case.kind]) for case in found]
        rows = [run(model, case) for case in seen if case is not None]
        answer[str(metres)] = (
            {"n": 0} if not rows else {key: summary(rows)["all"][key] for key in ("n", "iou@1", "iou@3", "iou@5")}
        )
    return answer


def at(case, step):
    """Return the case with pixels `step` times as large, cut to what a crop may need; None where too little is left."""
    rows, columns = (np.flatnonzero(case.mask.any(axis=a)) for a in (1, 0))
    reach = int(512 * max(step, 0.25))
    top, left = (max(0, int(where.mean()) - reach) for where in (rows, columns))
    image, mask = (a[top : top + 2 * reach, left : left + 2 * reach] for a in (case.image, case.mask))
    size = tuple(max(1, round(side / step)) for side in mask.shape)
    smaller = resample((mask[:, :, None] * np.uint8(255)).repeat(3, 2), size)[:, :, 0] > 127
    return None if smaller.sum() < LEAST else replace(case, image=resample(image, size), mask=smaller)
