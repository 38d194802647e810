"""What GeoMag's policy saves, and what it misses: mosaics of real chips with few buildings, asked for with Mini.

    python tests/benchmarks/quality_cost.py --data DIR [--side 4096] [--objects 4] [--least 0.05,0.3] [--crop 512]

A mosaic is made of ground without a building, continued by mirroring so that it has no seams, with some pieces of
chips that hold buildings among it: Dubai tiles 3 and 8 at about 0.4 m, Banepa's held-out column at 0.13 m. The naive
run feeds every pixel; the policy feeds what its plan says. A building is found where at least half of its pixels are
above one half and named more by no other of the land-cover phrases; these also compete for relevance.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # as in quality.py

import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform_geom
from scipy import ndimage

from backend.geo.raster import Window
from backend.tasks.ground_policy.closer import Closeness, planned
from backend.tasks.ground_policy.cost import cost
from backend.tasks.ground_policy.relevance import from_logits
from backend.tasks.ground_policy.resolution import CROP, Look
from tests.benchmarks.quality import BANEPA_HELD, DUBAI_HELD, load_model

PHRASES = ("building", "vegetation", "bare land", "road", "water")
TILE, STRIDE = 512, 4
GROUND, BUILT, CELL = 256, 512, 1024
LEAST_PIXELS = 60


def main() -> int:
    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--objects", type=int, default=4, help="pieces that hold buildings")
    parser.add_argument("--least", default="0.05,0.3", help="relevance from which a place is looked at more closely")
    parser.add_argument("--crop", type=int, default=512, help="side of region's crops")
    parser.add_argument("--scenes", default="dubai,banepa")
    parser.add_argument("--model", default="mini")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measure(load_model(args.model), args)
    if args.json:
        print(json.dumps(found))
        return 0
    for scene, rows in found.items():
        print(f"{scene}\n{'run':<22}{'fed':>8}{'saved':>8}{'recall':>8}{'precision':>11}{'in crops':>10}")
        for name, row in rows.items():
            figures = f"{row['fed']:8.3f}{row['saved']:8.3f}{row['recall']:8.3f}{row['precision']:11.3f}"
            print(f"{name:<22}{figures}{row['in crops']:10.3f}")
    return 0


def measure(model, args):
    """Return, for each scene, figures of the naive run and of the policy by granularity and least relevance."""
    answer = {}
    for name in args.scenes.split(","):
        image, truth = mosaic(name, args.data, args.side, args.objects, np.random.default_rng(args.seed))
        area = Window(0, 0, args.side, args.side)
        naive = Look(area, 1, CROP)
        rows = {"naive": figures([naive], model, image, truth) | {"fed": 1.0, "saved": 0.0}}
        maps = {}

        def relevance(look, image=image, maps=maps):
            if look not in maps:
                found = logits(model, image, look)
                maps[look] = from_logits(found[:1], found[1:])
            return maps[look]

        for granularity in ("region", "pixel"):
            for least in map(float, args.least.split(",")):
                plan = planned(granularity, area, relevance, Closeness(crop=args.crop, least=least))
                crops = [look for look in plan.looks if look.role == CROP]
                spent = cost(plan)
                row = figures(crops, model, image, truth)
                rows[f"{granularity}, least {least}"] = row | {
                    "fed": round(spent.fed / spent.naive, 4),
                    "saved": round(spent.saved, 4),
                }
        answer[name] = rows
    return answer


def logits(model, image, look):
    """Return the phrases' logits (phrases, rows, columns) of a look, fed in tiles."""
    window, step = look.window, look.step
    part = image[window.row : window.row + window.height, window.col : window.col + window.width]
    rows, columns = (-(-side // step) for side in part.shape[:2])
    padded = np.pad(part, ((0, rows * step - part.shape[0]), (0, columns * step - part.shape[1]), (0, 0)), "edge")
    seen = padded.reshape(rows, step, columns, step, 3).mean((1, 3), dtype=np.float32).round().astype(np.uint8)
    vectors = model.phrases(list(PHRASES))
    found = np.zeros((len(PHRASES), -(-rows // STRIDE), -(-columns // STRIDE)), np.float32)
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            tile = np.ascontiguousarray(seen[top : top + TILE, left : left + TILE])
            scores = model.scores(model.dense(tile, np.ones(tile.shape[:2], bool)), vectors)
            at = top // STRIDE, left // STRIDE
            found[:, at[0] : at[0] + scores.shape[1], at[1] : at[1] + scores.shape[2]] = scores
    return found


def figures(crops, model, image, truth):
    """Return recall of buildings, precision of pixels, and the share of buildings that lie in crops by nine tenths."""
    answer, within = np.zeros(truth.shape, bool), np.zeros(truth.shape, bool)
    for look in crops:
        where = np.s_[
            look.window.row : look.window.row + look.window.height,
            look.window.col : look.window.col + look.window.width,
        ]
        found = logits(model, image, look)
        above = ((found.argmax(0) == 0) & (found[0] > 0)).repeat(STRIDE, 0).repeat(STRIDE, 1)
        answer[where] |= above[: look.window.height, : look.window.width]
        within[where] = True
    parts, count = ndimage.label(truth)
    numbers = np.flatnonzero(np.bincount(parts.ravel(), minlength=count + 1) >= LEAST_PIXELS)[1:]
    hit, inside = (np.asarray(ndimage.mean(mask, parts, numbers)) for mask in (answer, within))
    return {
        "recall": round(float((hit >= 0.5).mean()), 4),
        "precision": round(float((answer & truth).sum() / max(answer.sum(), 1)), 4),
        "in crops": round(float((inside >= 0.9).mean()), 4),
        "buildings": len(numbers),
    }


def mosaic(name, data, side, objects, drawn):
    """Return an image (side, side, 3) and where its buildings are: ground without any, and `objects` pieces with."""
    ground, built = [], []
    for image, truth, known in chips(name, data):
        for size, wanted in ((GROUND, ground), (BUILT, built)):
            for row in range(0, truth.shape[0] - size + 1, size // 2):
                for column in range(0, truth.shape[1] - size + 1, size // 2):
                    place = np.s_[row : row + size, column : column + size]
                    share = truth[place].mean()
                    if known[place].mean() > 0.95 and (share == 0 if wanted is ground else 0.03 < share < 0.5):
                        wanted.append((image[place], truth[place]))
    canvas, where = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), bool)
    for row in range(0, side, CELL):
        for column in range(0, side, CELL):
            image, truth = (mirrored(part, CELL) for part in ground[drawn.integers(len(ground))])
            put(canvas, where, row, column, *turned(image, truth, drawn))
    for cell in drawn.choice((side // BUILT) ** 2, objects, replace=False):
        row, column = (int(at) * BUILT for at in divmod(cell, side // BUILT))
        put(canvas, where, row, column, *turned(*built[drawn.integers(len(built))], drawn))
    return canvas, where


def mirrored(part, size):
    """Return `part` continued to `size` by mirroring, so that it has no seams."""
    more = size - part.shape[0]
    return np.pad(part, ((0, more), (0, more)) + ((0, 0),) * (part.ndim - 2), "symmetric")


def put(canvas, where, row, column, image, truth):
    place = np.s_[row : row + truth.shape[0], column : column + truth.shape[1]]
    where[place], canvas[place] = truth[: canvas.shape[0] - row, : canvas.shape[1] - column], image


def turned(image, truth, drawn):
    turns, mirrored = int(drawn.integers(4)), bool(drawn.integers(2))
    image, truth = np.rot90(image, turns), np.rot90(truth, turns)
    return (image[:, ::-1], truth[:, ::-1]) if mirrored else (image, truth)


def chips(name, data):
    """Yield images of held-out places, where their buildings are, and where that is known."""
    if name == "dubai":
        for path in sorted((data / "dubai" / "images").glob("*.jpg")):
            if path.name.startswith(DUBAI_HELD):
                with (
                    rasterio.open(path) as source,
                    rasterio.open(data / "dubai" / "masks" / f"{path.stem}.png") as mask,
                ):
                    classes = mask.read(1)
                    yield source.read().transpose(1, 2, 0), classes == 1, classes > 0
        return
    shapes = [f["geometry"] for f in json.loads((data / "banepa" / "buildings.geojson").read_text())["features"]]
    for path in sorted((data / "banepa" / "images").glob(f"{BANEPA_HELD}*.tif")):
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
            local = [(transform_geom("EPSG:4326", source.crs, shape), 1) for shape in shapes]
            truth = rasterize(local, image.shape[:2], transform=source.transform, dtype="uint8") > 0
        yield image, truth, np.ones(truth.shape, bool)


if __name__ == "__main__":
    raise SystemExit(main())
