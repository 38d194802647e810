"""What looking closely only where it is relevant saves, and what it misses: large scenes of real chips, few objects.

    python tests/benchmarks/quality_cost.py --data DIR [--split held] [--side 4096] [--pieces 4] [--least 0.05,0.3]

A scene is made of ground without objects, continued by mirroring so that it has no seams, with some pieces of chips
that hold buildings (Dubai at about 0.4 m, Banepa at 0.13 m) or trees (NAIP at 0.6 m) among it. Each scene goes through
the ground job with coverage `full`, which is the naive run, and with `relevant` for region and pixel. An object is
found where at least half of its pixels score `--threshold`; it is read where nine tenths of it lie in tiles read
at native resolution. Pixels are those of answer.json. `tune` are places of Mini's training, for finding constants,
`held` those its recipe left out; of NAIP none was left out, there the two are different towns.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import sys
import tempfile
import warnings
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # as in quality.py

import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform_geom
from scipy import ndimage

from backend.geo.reader import SourceReader
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.ground.dense import run_dense
from backend.tasks.ground.job import Grounding
from backend.tasks.ground.places import job_places
from backend.tasks.ground_policy.closer import Closeness
from tests.benchmarks.quality import BANEPA_HELD, DUBAI_HELD, load_model

PHRASES = {"dubai": "building", "banepa": "building", "naip": "tree"}
SMALLEST = {"dubai": 60, "banepa": 60, "naip": 1}
GROUND = {"dubai": 256, "banepa": 256, "naip": 128}
NAIP_TUNE = ("riverside", "claremont")
BUILT, CELL, CROWN = 256, 1024, 3


def main() -> int:
    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("tune", "held"), default="held")
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--pieces", type=int, default=4, help="pieces of 256 pixels that hold objects")
    parser.add_argument("--looks", default="region,pixel")
    parser.add_argument("--least", default="", help="relevance from which a place is looked at closely")
    parser.add_argument("--across", default="", help="side of the windows it is averaged over, in cells")
    parser.add_argument("--say", default="", help="share of the answer from which a tile counts")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--scenes", default="dubai,banepa,naip")
    parser.add_argument("--model", default="mini")
    parser.add_argument("--decoder", choices=("text", "pixel"), default="text", help="by which Mini answers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    model, found = load_model(args.model), {}
    model = model.pixel if args.decoder == "pixel" else model
    for scene in args.scenes.split(","):
        found[scene] = measure(model, scene, args)
    if args.json:
        print(json.dumps(found))
    return 0


def measure(model, scene, args):
    """Return figures of the naive run and of each way to look closely, printed as they come."""
    with tempfile.TemporaryDirectory() as name:
        image, truth = mosaic(scene, args, np.random.default_rng(args.seed))
        path = Path(name) / "scene.tif"
        profile = {"width": args.side, "height": args.side, "count": 3, "dtype": "uint8", "tiled": True}
        with rasterio.open(path, "w", driver="GTiff", **profile) as target:
            target.write(image.transpose(2, 0, 1))
        del image
        parts = ndimage.label(truth)[0]
        sizes = np.bincount(parts.ravel())
        objects = [number for number in range(1, len(sizes)) if sizes[number] >= SMALLEST[scene]]
        if not args.json:
            print(f"{scene}, {args.split}, {len(objects)} objects")
            print(f"{'run':<44}{'saved':>8}{'recall':>8}{'precision':>11}{'read':>8}", flush=True)
        rows = {}
        for label, wanted, how in [("naive", {"granularity": "pixel"}, Closeness()), *ways(args)]:
            rows[label] = row = figures(model, path, scene, wanted, how, parts, objects, args.threshold)
            if not args.json:
                shown = "".join(f"{row[key]:{width}.3f}" for key, width in
                                (("saved", 8), ("recall", 8), ("precision", 11), ("read", 8)))  # fmt: skip
                print(f"{label:<44}{shown}", flush=True)
        return rows


def ways(args):
    """Yield name, parameters and closeness of each run but the naive one."""
    for look in args.looks.split(","):
        for least in numbers(args.least, Closeness.least):
            for across in numbers(args.across, Closeness.across):
                for say in numbers(args.say, Closeness.say):
                    how = Closeness(least, int(across), say)
                    label = f"{look}, least {least:g}, across {across:g}, say {say:g}"
                    yield label, {"granularity": look, "coverage": "relevant"}, how


def numbers(text, otherwise):
    return [float(part) for part in text.split(",")] if text else [otherwise]


def figures(model, path, scene, wanted, how, parts, objects, threshold):
    """Return what one run of the ground job saved and found."""
    request = JobRequest(
        "ground",
        source=Source(path=str(path)),
        parameters={"phrases": PHRASES[scene], "answer": "classmap", **wanted},
    )
    with tempfile.TemporaryDirectory() as name, SourceReader(request.source, path) as reader:
        folder = Path(name)
        places = job_places(folder, request)
        keep = contextlib.nullcontext(folder)
        record = {"id": "measured"}
        job = Grounding(request, reader, record, "Model", places, lambda _: keep, lambda *_: None, closeness=how)
        run_dense(job, model)
        answer = json.loads(places.answer.read_text())
        with rasterio.open(places.scores) as scores:
            found = scores.read(1)
        read = np.zeros(parts.shape, bool)
        for entry in folder.glob("*.looks.json"):
            for step, col, row, width, height, _ in json.loads(entry.read_text())["fed"]:
                if step == 1:
                    read[row : row + height, col : col + width] = True
    found = (found >= round(250 * threshold)) & (found < 255)
    hit, inside = (np.asarray(ndimage.mean(mask, parts, objects)) for mask in (found, read))
    return {
        "saved": round(1 - answer["pixels_read"] / answer["pixels_naive"], 4),
        "recall": round(float((hit >= 0.5).mean()), 4),
        "precision": round(float((found & (parts > 0)).sum() / max(found.sum(), 1)), 4),
        "read": round(float((inside >= 0.9).mean()), 4),
        "objects": len(objects),
    }


def mosaic(scene, args, drawn):
    """Return an image (side, side, 3) and where its objects are: ground without any, and `pieces` pieces with."""
    side, ground, built = args.side, [], []
    for image, truth in chips(scene, args.data, args.split):
        for size, wanted in ((GROUND[scene], ground), (BUILT, built)):
            for row in range(0, truth.shape[0] - size + 1, size // 2):
                for column in range(0, truth.shape[1] - size + 1, size // 2):
                    place = np.s_[row : row + size, column : column + size]
                    share = truth[place].mean()
                    if share == 0 if wanted is ground else 0.01 < share < 0.5:
                        wanted.append((image[place], truth[place]))
    canvas, where = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), bool)
    for row in range(0, side, CELL):
        for column in range(0, side, CELL):
            image, truth = (mirrored(part, CELL) for part in ground[drawn.integers(len(ground))])
            put(canvas, where, row, column, *turned(image, truth, drawn))
    for cell in drawn.choice((side // BUILT) ** 2, args.pieces, replace=False):
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
    turns, flipped = int(drawn.integers(4)), bool(drawn.integers(2))
    image, truth = np.rot90(image, turns), np.rot90(truth, turns)
    return (image[:, ::-1], truth[:, ::-1]) if flipped else (image, truth)


def chips(scene, data, split):
    """Yield images of a split's places, and where their objects are."""
    if scene == "dubai":
        for path in sorted((data / "dubai" / "images").glob("*.jpg")):
            if path.name.startswith(DUBAI_HELD) == (split == "held"):
                yield rgb(path), dubai_truth(data / "dubai" / "masks" / f"{path.stem}.png")
    elif scene == "naip":
        for path in sorted((data / "naip_trees" / "images").glob("*.tif")):
            points = data / "naip_trees" / "points" / f"{path.stem}.csv"
            if path.name.startswith(NAIP_TUNE) == (split == "tune") and points.exists():
                yield rgb(path), crowns(points, rgb(path).shape[:2])
    else:
        shapes = [f["geometry"] for f in json.loads((data / "banepa" / "buildings.geojson").read_text())["features"]]
        for path in sorted((data / "banepa" / "images").glob("*.tif")):
            if path.name.startswith(BANEPA_HELD) == (split == "held"):
                with rasterio.open(path) as source:
                    local = [(transform_geom("EPSG:4326", source.crs, shape), 1) for shape in shapes]
                    truth = rasterize(local, source.shape, transform=source.transform, dtype="uint8") > 0
                yield rgb(path), truth


def rgb(path):
    with rasterio.open(path) as source:
        return source.read((1, 2, 3)).transpose(1, 2, 0)


def dubai_truth(path):
    """Return where buildings are."""
    with rasterio.open(path) as mask:
        classes = mask.read(1)
    return classes == 1


def crowns(path, shape):
    """Return discs of some three pixels around the points of trees."""
    truth = np.zeros(shape, bool)
    with path.open() as file:
        for row in csv.DictReader(file):
            truth[min(int(float(row["y"])), shape[0] - 1), min(int(float(row["x"])), shape[1] - 1)] = True
    return ndimage.distance_transform_edt(~truth) < CROWN if truth.any() else truth


if __name__ == "__main__":
    raise SystemExit(main())
