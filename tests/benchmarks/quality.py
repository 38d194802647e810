"""How good the answers are: to clicks (IoU after 1, 3 and 5 simulated ones), to phrases, as vectors.

    python tests/benchmarks/quality.py --data DIR --model classic [--limit N] [--seed N] [--split SPLIT] [--json]
    python tests/benchmarks/quality.py --data DIR --model mini --split held --figures clicks,phrases,embedding,speed
    python tests/benchmarks/quality.py --data DIR --model mini --split held \
        --figures classmap,instances,trees,granularity [--decoder text|pixel] [--upsample] [--remove-bias] [--refine]

DIR holds `banepa/` (buildings as polygons) and `dubai/` (class masks), as the README there describes. The first
click is the object's deepest inside point; each next one the deepest point of the largest error. Crops lie on a
lattice of half the model's input size, the one whose centre is nearest to the first click is used. `tune` and
`report` are different places: constants are found on the first, figures come from the second. `held` are the places
that Mini's recipes leave out, `all` is everything in DIR, for places none of this was made with. The other figures, a
file each: `classmap`, `instances` and `trees` go through the ground job, `granularity` is of its questions; `phrases`
asks the model alone; embeddings of EuroSAT against simpler ones, times against TinyViT-5M, agreement of the shipped
graphs with torch (`--run`: the training run they came from), clicks from 0.1 to 10 m. What DIR lacks is left out.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # `click.py` beside this file is not the package rasterio wants

import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform_geom
from scipy import ndimage

from backend.models.segmenter import CropPrompts, Segmenter

CLICKS = (1, 3, 5)
DUBAI_CLASSES = {1: "building", 4: "vegetation", 5: "water"}
DUBAI_TUNE = ("tile1", "tile2", "tile3")
DUBAI_HELD, BANEPA_HELD = ("tile3", "tile8"), "OAM-386692"
NAIP_HELD = ("riverside",)
FIGURES = (
    "clicks", "classmap", "instances", "trees", "granularity", "phrases", "embedding", "speed", "agreement", "scale",
    "places", "embedders", "fewshot", "generate", "change",
)  # fmt: skip
INNER = np.s_[2:-2]


@dataclass(frozen=True)
class Case:
    """One object: the image it is in, its mask there, and what kind of object it is."""

    name: str
    kind: str
    image: np.ndarray
    mask: np.ndarray


def main() -> int:
    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    args = _arguments()
    answer = {"model": args.model, "split": args.split, "seed": args.seed}
    wanted = args.figures.split(",")
    model = load_model(args.model)
    if "clicks" in wanted:
        found = cases(args.data, args.split, args.limit, args.seed)
        answer["kinds"] = summary([score for case in found for score in [run(model, case)]])
    for name in [name for name in wanted if name != "clicks"]:
        figure = importlib.import_module(f"tests.benchmarks.quality_{name}")
        answer[name] = figure.measure(model, args)
    if args.json:
        print(json.dumps(answer))
        return 0
    print(f"{args.model}, {args.split} places, seed {args.seed}")
    if "kinds" in answer:
        _print_clicks(answer["kinds"])
    for name in [name for name in wanted if name != "clicks"]:
        _print_figure(name, answer[name])
    return 0


def _print_figure(name: str, found: dict) -> None:
    """Print a table where there are places, else what was found as it is."""
    if any(isinstance(part, dict) and "places" in part for part in found.values()):
        for title, part in found.items():
            _print_figure(f"{name}, {title}", part)
        return
    if "places" not in found:
        print(f"{name}: {json.dumps(found, indent=1)}")
        return
    rows = {"all": found["all"], **found["places"]}
    width = max(map(len, rows))
    print(f"{name}\n{'':<{width}}" + "".join(f"{column:>12}" for column in found["all"]))
    for title, row in rows.items():
        print(f"{title:<{width}}" + "".join(f"{row.get(column, '-'):>12}" for column in found["all"]))
    for title, rest in found.items():
        if title not in ("all", "places"):
            print(f"{title}: " + ", ".join(f"{key} {value}" for key, value in rest.items()))


def _print_clicks(table: dict[str, dict]) -> None:
    titles = "".join(f"{f'IoU@{n}':>8}" for n in CLICKS)
    print(f"{'kind':<20}{'n':>5}{titles}{'NoC@80':>8}{'score r':>9}{'enc ms':>8}{'dec ms':>8}")
    for kind, row in table.items():
        clicks = "".join(f"{row[f'iou@{n}']:8.3f}" for n in CLICKS) + f"{row['noc@80']:8.2f}"
        print(f"{kind:<20}{row['n']:>5}{clicks}{row['score_r']:9.2f}{row['encode_ms']:8.0f}{row['decode_ms']:8.1f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--model", default="classic")
    parser.add_argument("--limit", type=int, default=100, help="objects of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=("tune", "report", "held", "all"), default="report")
    parser.add_argument("--figures", default="clicks", help=f"some of {','.join(FIGURES)}")
    parser.add_argument("--chips", type=int, default=2000, help="EuroSAT chips for the figures of embeddings")
    parser.add_argument("--geoembed", type=Path, help="geoembed.onnx, to compare embeddings with")
    parser.add_argument("--generator", type=Path, help="folder of an exported generator; default: what ships")
    parser.add_argument("--crops", type=int, default=2, help="pictures a place for the figures of generation")
    parser.add_argument("--more", type=Path, nargs="*", default=[], metavar="RGB.tif", help="of further such places")
    parser.add_argument("--run", type=Path, help="Mini's training run, to compare its graphs with")
    parser.add_argument("--levir", type=Path, help="folder with A, B and label: pairs where buildings changed")
    parser.add_argument("--painter", default="mini-painter", help="what makes change pairs; none: no pairs")
    parser.add_argument("--change-head", type=Path, help="folder of mini-change's head; default: the one that ships")
    job = parser.add_argument_group("the ground job's parameters; where left out, its own defaults")
    job.add_argument("--decoder", choices=("auto", "text", "pixel"))
    job.add_argument("--granularity", choices=("auto", "image", "region", "pixel"))
    job.add_argument("--outline", choices=("exact", "smooth", "orthogonal", "rectangle", "circle"))
    job.add_argument("--threshold", type=float)
    for name in ("--upsample", "--remove-bias", "--refine"):
        job.add_argument(name, action="store_true", default=None)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def load_model(model_id: str) -> Segmenter:
    """Return the model through the same store the backend uses."""
    from backend.models.catalog import catalog
    from backend.models.loaded import LoadedModels
    from backend.paths import models_folder

    return LoadedModels(catalog(models_folder()), models_folder()).get(model_id)


def cases(data: Path, split: str, limit: int, seed: int) -> Iterator[Case]:
    """Yield up to `limit` objects of each kind, drawn at random."""
    drawn = np.random.default_rng(seed)
    for kind, found in {"banepa building": _banepa(data, split), **_dubai(data, split)}.items():
        picked = sorted(drawn.permutation(len(found))[:limit])
        yield from (Case(f"{kind} {i}", kind, *found[i]()) for i in picked)


def chosen(split: str, tunes: bool, held: bool) -> bool:
    """Say whether a place belongs to the split."""
    return {"tune": tunes, "report": not tunes, "held": held, "all": True}[split]


def _banepa(data: Path, split: str) -> list:
    folder = data / "banepa"
    if not folder.is_dir():
        return []
    shapes = [f["geometry"] for f in json.loads((folder / "buildings.geojson").read_text())["features"]]
    found = []
    for index, path in enumerate(sorted((folder / "images").glob("*.tif"))):
        if not chosen(split, index % 2 == 0, path.name.startswith(BANEPA_HELD)):
            continue
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
            local = [transform_geom("EPSG:4326", source.crs, shape) for shape in shapes]
            burnt = [(shape, i + 1) for i, shape in enumerate(local)]
            ids = rasterize(burnt, image.shape[:2], transform=source.transform, dtype="int32")
        for value in np.unique(ids[ids > 0]):
            mask = ids == value
            if mask.sum() >= 100 and mask.any(axis=0).sum() > 4:
                found.append(lambda image=image, mask=mask: (image, mask))
    return found


def _dubai(data: Path, split: str) -> dict[str, list]:
    found = {f"dubai {name}": [] for name in DUBAI_CLASSES.values()}
    for path in sorted((data / "dubai" / "images").glob("*.jpg")):
        if not chosen(split, path.name.startswith(DUBAI_TUNE), path.name.startswith(DUBAI_HELD)):
            continue
        with rasterio.open(data / "dubai" / "masks" / f"{path.stem}.png") as source:
            classes = source.read(1)
        for value, name in DUBAI_CLASSES.items():
            parts, count = ndimage.label(classes == value)
            for part in np.nonzero(np.bincount(parts.ravel(), minlength=count + 1)[1:] >= 400)[0] + 1:
                found[f"dubai {name}"].append(lambda path=path, parts=parts, part=part: (_rgb(path), parts == part))
    return found


def _rgb(path: Path) -> np.ndarray:
    with rasterio.open(path) as source:
        return source.read().transpose(1, 2, 0)


def run(model: Segmenter, case: Case) -> dict:
    """Click five times and return IoUs, scores and times."""
    row, column = deepest(case.mask)
    window = crop(case.mask.shape, row, column, model.input_size)
    image, mask = np.ascontiguousarray(case.image[window]), case.mask[window]
    started = time.perf_counter()
    embedding = model.encode(image, np.ones(mask.shape, bool))
    encoded = time.perf_counter() - started
    points, labels, memory = [], [], None
    ious, scores, decoded = [], [], []
    answer = np.zeros_like(mask)
    for _ in range(max(CLICKS)):
        point, label = next_click(mask, answer)
        points.append(point)
        labels.append(label)
        started = time.perf_counter()
        result = model.decode(
            embedding, CropPrompts(np.array(points, np.float32), np.array(labels, np.int32), logits=memory)
        )
        decoded.append(time.perf_counter() - started)
        answer, memory = result.logits > 0, result.memory
        ious.append(iou(mask, answer))
        scores.append(result.score)
    times = {"encode": encoded, "decode": float(np.median(decoded)), "decodes": decoded}
    return {"kind": case.kind, "ious": ious, "scores": scores, **times}


def crop(shape: tuple[int, ...], row: int, column: int, size: int) -> tuple[slice, slice]:
    """Return the crop of a half-overlapping lattice whose centre is nearest to the place."""

    def span(length: int, at: int) -> slice:
        if length <= size:
            return slice(0, length)
        start = round((at - size / 2) / (size / 2)) * (size // 2)
        start = min(max(start, 0), length - size)
        return slice(start, start + size)

    return span(shape[0], row), span(shape[1], column)


def deepest(mask: np.ndarray) -> tuple[int, int]:
    """Return row and column of the pixel farthest from the mask's outside (the image's border counts as outside)."""
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), mask.shape)
    return int(row), int(column)


def next_click(mask: np.ndarray, answer: np.ndarray) -> tuple[tuple[float, float], int]:
    """Return the deepest point of the larger of the missed and the false part, and its label."""
    missed, false = mask & ~answer, answer & ~mask
    sides = [
        (ndimage.distance_transform_edt(np.pad(part, 1)).max(), part, label)
        for part, label in ((missed, 1), (false, 0))
    ]
    _, part, label = max(sides, key=lambda side: side[0])
    row, column = deepest(part)
    return (column + 0.5, row + 0.5), label


def iou(mask: np.ndarray, answer: np.ndarray) -> float:
    """Return intersection over union."""
    return float((mask & answer).sum() / max((mask | answer).sum(), 1))


def summary(results: list[dict]) -> dict[str, dict]:
    """Return the means of each kind, and of all."""
    table = {}
    for kind in [*dict.fromkeys(result["kind"] for result in results), "dubai", "all"]:
        rows = [row for row in results if kind in (row["kind"], "all") or (kind == "dubai" and kind in row["kind"])]
        if not rows:
            continue
        ious, scores = np.array([row["ious"] for row in rows]), np.array([row["scores"] for row in rows])
        varied = min(ious.std(), scores.std()) > 0
        table[kind] = {
            "n": len(rows),
            **{f"iou@{n}": round(float(ious[:, n - 1].mean()), 4) for n in CLICKS},
            "noc@80": round(
                float(np.mean([next((i for i, v in enumerate(row, 1) if v >= 0.8), 6) for row in ious])), 2
            ),
            "score_r": round(float(np.corrcoef(ious.ravel(), scores.ravel())[0, 1]), 3) if varied else 0.0,
            "score_bias": round(float((scores - ious).mean()), 3),
            "encode_ms": round(1000 * float(np.median([row["encode"] for row in rows])), 1),
            "decode_ms": round(1000 * float(np.median([row["decode"] for row in rows])), 2),
        }
    return table


if __name__ == "__main__":
    raise SystemExit(main())
