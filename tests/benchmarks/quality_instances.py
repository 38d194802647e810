"""Objects of a phrase over whole chips, through the ground job: Banepa's buildings by outline, NAIP's trees by point.

A building is found where an object overlaps it by IoU 0.5; AP50 goes through objects by score. Buildings that a chip's
edge cuts count as they are seen, slivers under 25 pixels do not. A tree is found by an object whose middle is within
6 m of it. All NAIP chips were in Mini's training (as even pieces, and for the phrase "tree").
"""

from __future__ import annotations

import contextlib
import csv
import json
import tempfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from rasterio.warp import transform_geom
from scipy.optimize import linear_sum_assignment

from backend.geo.reader import SourceReader
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.ground.dense import run_dense
from backend.tasks.ground.job import Grounding
from backend.tasks.ground.places import job_places
from tests.benchmarks.quality import BANEPA_HELD, chosen

SMALLEST, NEAR_M = 25, 6.0


def measure(model, args):
    """Return precision, recall and F1 of both, and AP50 of buildings."""
    return {"buildings": _buildings(model, args), "trees": _trees(model, args)}


def _buildings(model, args):
    folder = args.data / "banepa"
    shapes = [f["geometry"] for f in json.loads((folder / "buildings.geojson").read_text())["features"]]
    hits, scores, truths = [], [], 0
    for index, path in enumerate(sorted((folder / "images").glob("*.tif"))):
        if not chosen(args.split, index % 2 == 0, path.name.startswith(BANEPA_HELD)):
            continue
        found, grid = objects(model, path, "building")
        frame = shapely.box(0, 0, grid.width, grid.height)
        local = [shapely.geometry.shape(transform_geom("EPSG:4326", grid.crs, shape)) for shape in shapes]
        seen = [shape.intersection(frame) for shape in (in_pixels(shape, grid) for shape in local)]
        truth = [shape for shape in seen if shape.area >= SMALLEST]
        truths += len(truth)
        scores += [score for score, _ in found]
        hits += matched([shape for _, shape in found], truth)
    order = np.argsort(-np.array(scores), kind="stable")
    return {**_rates(sum(hits), len(hits), truths), "ap50": _average_precision(np.array(hits)[order], truths)}


def _trees(model, args):
    hits = found_trees = truths = 0
    for path in sorted((args.data / "naip_trees" / "images").glob("*.tif"))[: args.limit]:
        found, grid = objects(model, path, "tree")
        with (path.parents[1] / "points" / f"{path.stem}.csv").open() as file:
            points = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]).reshape(-1, 2)
        middles = np.array([(shape.centroid.x, shape.centroid.y) for _, shape in found]).reshape(-1, 2)
        near = NEAR_M / grid.transform.a
        far = np.hypot(*(middles[:, None] - points[None]).transpose(2, 0, 1))
        pairs = linear_sum_assignment(np.where(far <= near, far, 1e6))
        hits += int((far[pairs] <= near).sum())
        found_trees, truths = found_trees + len(middles), truths + len(points)
    return _rates(hits, found_trees, truths)


def objects(model, path, phrase):
    """Return (score, polygon in pixels) of what the ground job finds, best first, and the chip's grid."""
    path = path.absolute()
    request = JobRequest(
        "ground", source=Source(path=str(path)), parameters={"phrases": phrase, "granularity": "pixel"}
    )
    with tempfile.TemporaryDirectory() as folder, SourceReader(request.source, path) as reader:
        places = job_places(Path(folder), request)
        keep = contextlib.nullcontext(Path(folder))
        run_dense(
            Grounding(request, reader, {"id": "measured"}, "Model", places, lambda _: keep, lambda *_: None), model
        )
        meta, _, geometry, columns = pyogrio.raw.read(places.instances)
        scores = columns[list(meta["fields"]).index("score")].tolist()
        return [
            (s, in_pixels(g, reader.grid)) for s, g in zip(scores, shapely.from_wkb(geometry), strict=True)
        ], reader.grid


def in_pixels(shape, grid):
    """Return a shape of the grid's CRS in its pixels."""
    a, b, c, d, e, f = (~grid.transform)[:6]
    return shapely.transform(shape, lambda xy: xy @ np.array([[a, d], [b, e]]) + (c, f)).buffer(0)


def matched(found, truth):
    """Return for each found shape, best first, whether it is a truth that no better one took."""
    free, hits = set(range(len(truth))), []
    for shape in found:
        ious = {i: shape.intersection(truth[i]).area / shape.union(truth[i]).area for i in free}
        best = max(ious, key=ious.get, default=None)
        hits.append(best is not None and ious[best] >= 0.5)
        free -= {best} if hits[-1] else set()
    return hits


def _rates(hits, found, truths):
    precision, recall = hits / max(found, 1), hits / max(truths, 1)
    f1 = 2 * hits / max(found + truths, 1)
    return {"found": found, "truths": truths, **{k: round(v, 3) for k, v in
            (("precision", precision), ("recall", recall), ("f1", f1))}}  # fmt: skip


def _average_precision(hits, truths):
    """Return the area under precision, made falling, over recall."""
    true = np.cumsum(hits)
    precision = np.maximum.accumulate((true / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return round(float((precision * hits).sum() / max(truths, 1)), 3)
