"""Generated imagery against real imagery of places never trained on: what is four times coarser is painted back.

    python tests/benchmarks/quality.py --data DIR --figures generate --geoembed geoembed.onnx [--crops 2] \
        [--generator FOLDER] [--more EAST.tif] [--seed N]

Pictures are 512 x 512 pixels from seeded places of Dubai's tiles 3 and 8, of Banepa's held-out columns, and of the
GeoTIFFs `--more` (red, green, blue bytes). Their means over 4 x 4 pixels go through the generate job as it is by
default. What a run takes beside its network, for a result of SIDE x SIDE pixels with a painter that takes no time:

    python -m tests.benchmarks.quality_generate SIDE

`seams` is the mean step between neighbours across the borders of windows, every 128 pixels, by that within 16 pixels
of them; `of real` is the same of the real picture, which has no borders. `PSNR` is of the result's means over 4 x 4
against what it was made from, `free` of a corner painted without back-projection, `to truth` of the result against the
picture it cannot know. `detail` is the power of brightness above half the coarse picture's Nyquist frequency (from 1/16
a pixel on), by that of the real picture; `fine` that above all of it (1/8), which the coarse picture cannot carry.
`Frechet` is the distance of GeoEmbed's vectors of 128 x 128 parts, every 96 pixels, from those of the real pictures,
times 1000; `floor` that between two halves of the real ones, half as many. Bicubic is Pillow's.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image

from backend.geo.reader import SourceReader
from backend.models.generator import FOLDER, SCALE, GeneratorModel
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.generate.job import Generating, run_generate
from backend.tasks.generate.parameters import GenerateParameters
from backend.tasks.generate.places import Places
from backend.tasks.generate.windows import MIDDLE
from tests.benchmarks.generate_scores import beyond, frechet, psnr, seams, smaller, vectors
from tests.benchmarks.quality import BANEPA_HELD, DUBAI_HELD

SIDE = 512
CORNER = f"0,0,{2 * MIDDLE // SCALE},{2 * MIDDLE // SCALE}"


@dataclass(frozen=True)
class Made:
    """A real picture, what was painted from its coarse version, and the latter enlarged; (h, w, 3)."""

    real: np.ndarray
    low: np.ndarray
    painted: np.ndarray
    bicubic: np.ndarray


def measure(model, args):
    """Return figures of each place and of all; `--model` has no part in it."""
    painter = GeneratorModel(args.generator or FOLDER)
    rows, everything, times = {}, [], []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for place, (pictures, metres) in held(args).items():
            found = []
            for index, real in enumerate(drawn(pictures, args.crops, args.seed)):
                low = smaller(real)
                at = write(work / f"{len(everything)}_{index}.tif", low)
                painted, took = generated(painter, at, work / f"{place}_{index}", metres, args.seed)
                times.append(took)
                found.append(Made(real, low, painted, enlarged(low)))
            rows[place] = row(found)
            free, _ = generated(painter, at, work / f"{place}_free", metres, args.seed, area=CORNER, consistent=False)
            part = found[-1].low[: free.shape[0] // SCALE, : free.shape[1] // SCALE]
            rows[place]["free"] = round(psnr(smaller(free), part), 1)
            everything += found
            print(f"{place}: {json.dumps(rows[place])}", file=sys.stderr, flush=True)
        same = repeated(painter, at, work, metres, args.seed, painted)
    answer = {"all": row(everything), "places": rows}
    if args.geoembed:
        answer["Frechet"] = distances(everything, args)
    total, network = (sum(took[key] for took in times) for key in ("total", "network"))
    answer["run"] = {**same, "seconds": round(total, 1), "by bare network": round(total / network, 3)}
    return answer


def held(args):
    """Return pictures (h, w, 3) and width of a pixel in metres, by place."""
    found = {}
    dubai, banepa = args.data / "dubai" / "images", args.data / "banepa" / "images"
    for tile in DUBAI_HELD:
        found[f"dubai {tile}"] = sorted(dubai.glob(f"{tile}*.jpg")), 0.4
    found["banepa"] = sorted(banepa.glob(f"{BANEPA_HELD}*.tif")), 0.13
    for path in args.more:
        with rasterio.open(path) as dataset:
            found[path.stem] = [path], abs(dataset.transform.a)
    return {place: about for place, about in found.items() if about[0]}


def drawn(paths, count, seed):
    """Return `count` pictures (SIDE, SIDE, 3) at random places of the files, of different files while there are."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(paths))
    found = []
    for index in range(count):
        with rasterio.open(paths[order[index % len(paths)]]) as dataset:
            top, left = (int(chance.integers(length - SIDE + 1)) for length in (dataset.height, dataset.width))
            window = rasterio.windows.Window(left, top, SIDE, SIDE)
            found.append(np.ascontiguousarray(dataset.read((1, 2, 3), window=window).transpose(1, 2, 0)))
    return found


def write(path, picture):
    """Write a picture without georeference and return its path."""
    height, width = picture.shape[:2]
    with rasterio.open(path, "w", driver="GTiff", width=width, height=height, count=3, dtype="uint8") as dataset:
        dataset.write(picture.transpose(2, 0, 1))
    return path


def generated(*asked, **more):
    """Return what the job paints (h, w, 3), and its times; arguments are those of `run`."""
    path, times = run(*asked, **more)
    with rasterio.open(path) as dataset:
        return np.ascontiguousarray(dataset.read((1, 2, 3)).transpose(1, 2, 0)), times


def run(painter, low, folder, metres, seed, **more):
    """Paint from the file `low`, and return the file in `folder` that it becomes, and the times.

    `metres` is the width of the result's pixels.
    """
    kept = folder / "kept"
    kept.mkdir(parents=True)
    asked = {"scale": "4", "seed": seed, "metres": metres * SCALE, **more}
    source = Source(path=str(low))
    request = JobRequest("generate", "mini-generator", source, parameters=asked)
    record = {"id": "mini-generator", "sha256": {"denoise.onnx": "0" * 64}}
    places, parameters = Places(folder / "g.tif"), GenerateParameters.parse(asked)
    with SourceReader(source, low) as reader:
        *_, about = run_generate(
            Generating(request, parameters, reader, record, places, keeping(kept), silent), painter
        )  # fmt: skip
    return places.out, json.loads(about.read_text(encoding="utf-8"))["timings"]


def keeping(folder):
    """Return what opens `folder` for any key."""
    return lambda key: contextlib.nullcontext(folder)


def silent(percent, text):
    """Tell nobody."""


def enlarged(low):
    """Return a picture four times as large, bicubic."""
    return np.asarray(Image.fromarray(low).resize((low.shape[1] * SCALE, low.shape[0] * SCALE), Image.BICUBIC))


def row(found):
    """Return the figures of pictures, each of all of them together."""
    real, painted, bicubic = ([getattr(made, name) for made in found] for name in ("real", "painted", "bicubic"))
    detail = [beyond(pictures, 1 / (4 * SCALE)) for pictures in (real, painted, bicubic)]
    fine = [beyond(pictures, 1 / (2 * SCALE)) for pictures in (real, painted, bicubic)]
    return {
        "pictures": len(found),
        "seams": round(seams(painted, MIDDLE), 3),
        "of real": round(seams(real, MIDDLE), 3),
        "PSNR": round(psnr(np.stack([smaller(one) for one in painted]), np.stack([made.low for made in found])), 1),
        "free": "-",
        "to truth": round(psnr(np.stack(painted), np.stack(real)), 1),
        "bicubic's": round(psnr(np.stack(bicubic), np.stack(real)), 1),
        "detail": round(detail[1] / detail[0], 2),
        "bic. detail": round(detail[2] / detail[0], 2),
        "fine": round(fine[1] / fine[0], 2),
        "bic. fine": round(fine[2] / fine[0], 2),
    }


def distances(found, args):
    """Return Frechet distances in GeoEmbed's space, times 1000."""
    names = ("real", "painted", "bicubic")
    real, painted, bicubic = (vectors([getattr(made, name) for made in found], args.geoembed) for name in names)
    told = {"painted": frechet(painted, real), "bicubic": frechet(bicubic, real)}
    share = round(told["painted"] / told["bicubic"], 3)
    told["floor"] = frechet(real[::2], real[1::2])
    return {"parts": len(real), **{key: round(1000 * value, 2) for key, value in told.items()}, "share": share}


def repeated(painter, low, work, metres, seed, whole):
    """Return whether a corner comes out the same twice, byte by byte, and as it is in all of the picture."""
    for name in ("once", "twice"):
        corner, _ = generated(painter, low, work / name, metres, seed, area=CORNER)
    files = [(work / name / "g.tif").read_bytes() for name in ("once", "twice")]
    alike = (whole[: corner.shape[0], : corner.shape[1]] == corner).all()
    return {"same seed same bytes": files[0] == files[1], "bigger area same pixels": bool(alike)}


class Plain:
    """A painter that takes no time."""

    input_size = 256

    def condition(self, low):
        shown = low.repeat(SCALE, 2).repeat(SCALE, 3)
        return shown, shown

    def noise(self, noisy, shown, step, metres):
        return noisy

    def close(self):
        pass


def _alone(side):
    low = np.random.default_rng(0).integers(0, 255, (side // SCALE, side // SCALE, 3)).astype(np.uint8)
    with tempfile.TemporaryDirectory() as name:
        _, times = run(Plain(), write(Path(name) / "low.tif", low), Path(name) / "out", 1.0, 0, steps=5)
    # Not getrusage: its peak is also that of the process this one was forked from.
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(told["VmHWM"].split()[0]) / 1024
    print(f"{times['total']:.1f} s, {peak:.0f} MB")


if __name__ == "__main__":
    _alone(int(sys.argv[1]))
