"""Buildings over whole chips of Banepa, through the ground job: F1 at IoU 0.5, and AP50 by score.

Buildings that a chip's edge cuts count as they are seen, slivers under 25 pixels do not.
"""

from __future__ import annotations

import json

import numpy as np
import shapely
from rasterio.warp import transform_geom

from tests.benchmarks.quality import BANEPA_HELD
from tests.benchmarks.quality_ground import grounded, in_pixels, of_split, rates, table

SMALLEST = 25


def measure(model, args):
    """Return precision, recall, F1 and AP50."""
    folder = args.data / "banepa"
    if not folder.is_dir():
        return {"left out": "there is no folder banepa"}
    shapes = [f["geometry"] for f in json.loads((folder / "buildings.geojson").read_text())["features"]]
    pictures = []
    for path in sorted((folder / "images").glob("*.tif")):
        if of_split(args.split, path.name.startswith(BANEPA_HELD)):
            with grounded(args, path, ("building",), "instances") as answered:
                found, truth = answered.objects(), buildings(shapes, answered.grid)
            pictures.append((path.stem, (matched([s for _, s in found], truth), [s for s, _ in found], len(truth))))
    return table(pictures, figures, "f1")


def buildings(shapes, grid):
    """Return the outlines (EPSG:4326, as GeoJSON) that show on a chip, in its pixels."""
    frame = shapely.box(0, 0, grid.width, grid.height)
    local = [shapely.geometry.shape(transform_geom("EPSG:4326", grid.crs, shape)) for shape in shapes]
    seen = [in_pixels(shape, grid).intersection(frame) for shape in local]
    return [shape for shape in seen if shape.area >= SMALLEST]


def matched(found, truth):
    """Return for each found shape, best first, whether it is a truth that no better one took."""
    free, hits = set(range(len(truth))), []
    for shape in found:
        ious = {i: shape.intersection(truth[i]).area / shape.union(truth[i]).area for i in free}
        best = max(ious, key=ious.get, default=None)
        hits.append(best is not None and ious[best] >= 0.5)
        free -= {best} if hits[-1] else set()
    return hits


def figures(counts):
    """Return the figures of chips: (whether each object hit, best first, their scores, buildings) each."""
    hits = np.array([hit for found, _, _ in counts for hit in found], bool)
    scores = np.array([score for _, found, _ in counts for score in found])
    truths = sum(count for _, _, count in counts)
    ordered = hits[np.argsort(-scores, kind="stable")]
    return {**rates(int(hits.sum()), len(hits), truths), "ap50": average_precision(ordered, truths)}


def average_precision(hits, truths):
    """Return the area under precision, made falling, over recall."""
    true = np.cumsum(hits)
    precision = np.maximum.accumulate((true / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return round(float((precision * hits).sum() / max(truths, 1)), 3)
