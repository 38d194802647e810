"""Embedding of a large raster: end to end against the bare model, memory at two sizes, and a plain script beside it.

    python tests/benchmarks/embed.py --data DIR --work DIR [--size 20000] [--small 5000] [--model mini] [--plain]

DIR of `--data` holds `banepa/images`, chips that a mosaic of `--size` x `--size` pixels is made of (seed 0). Each row
of the table is a process of its own, in which the engine that the server has embeds the whole mosaic:

*ratio* is the time that the model alone takes for the same tiles, read beforehand and given to it one after another in
the same process, half of them before and half after the run (`--bare` of them, evenly spread), divided by the time of
the whole job. *peak* is what the kernel counts as resident at most during the job, less what was there once the model
had answered (Linux). `--small` is a second size, for the memory; 0 leaves it out.

`--model mini`, or a DINOv2 with random weights: `vit-tiny`, `vit-small`, `vit-base`, `vit-large`. For these `--plain`
also runs what a script does that is written with rasterio and transformers (as samgeo and geoai do it: read a tile,
the model's image processor, batches of 1 and 8, float32 vectors written tile by tile), with the same network, the same
tiles and as many threads; it neither blends nor can it be stopped.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # as in quality.py

import numpy as np
import rasterio
from rasterio.windows import Window as RasterWindow

from tests.benchmarks.ground_mosaic import forget_peak, make_mosaic, peak, resident

VITS = {"vit-tiny": (192, 12, 3), "vit-small": (384, 12, 6), "vit-base": (768, 12, 12), "vit-large": (1024, 24, 16)}
SIDE, PATCH = 518, 14


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--work", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--small", type=int, default=5_000)
    parser.add_argument("--model", choices=("mini", *VITS), default="mini")
    parser.add_argument("--block", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--bare", type=int, default=200)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(CHILDREN[args.child.split(":")[0]](args)))
        return 0
    if args.model in VITS:
        make_vit(args.work / args.model, args.model)
    print(f"{args.model}, block {args.block or 'of the model'}\n")
    print("raster      who              tiles  seconds  tiles/s  bare s  ratio  peak MB   stages, MB written")
    for size in [size for size in (args.small, args.size) if size]:
        make_mosaic(mosaic(args.work, size), args.data, size, 0, False)
        ours = child(args, "ours", size)
        show(size, "job", ours)
        for batch in (1, 8) if args.plain and size == args.size else ():
            plain = child(args, f"plain:{batch}", size)
            show(size, f"script, batch {batch}", plain)
            print(f"{'':12}ahead of it by {plain['seconds'] / plain['tiles'] / ours['seconds'] * ours['tiles']:.2f}")
    return 0


def mosaic(work: Path, size: int) -> Path:
    """Return where the mosaic of a size lies."""
    return work / f"mosaic_{size}.tif"


def child(args: argparse.Namespace, name: str, size: int) -> dict:
    """Run one measurement in a process of its own and return what it tells."""
    given = {"data": args.data, "work": args.work, "size": size, "model": args.model, "block": args.block}
    given |= {"device": args.device, "bare": args.bare, "child": name}
    words = [word for key, value in given.items() for word in (f"--{key}", str(value))]
    done = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def show(size: int, who: str, row: dict) -> None:
    """Print a row of the table."""
    bare = f"{row['bare']:8.0f}{row['bare'] / row['seconds']:7.2f}" if "bare" in row else " " * 15
    rate = row["tiles"] / row["seconds"]
    print(f"{size:<12}{who:<16}{row['tiles']:>6}{row['seconds']:>9.0f}{rate:>9.2f}{bare}{row['peak']:>9.0f}", end="   ")
    print(f"{row.get('stages', '')} {row['written']:.0f} MB", flush=True)


def ours(args: argparse.Namespace) -> dict:
    """Run the job, the model alone before and after it."""
    from backend.jobs.local_engine import LocalEngine
    from backend.protocol.jobs import JobRequest
    from backend.protocol.source import Source

    registry, models = registry_of(args)
    engine = LocalEngine(registry, models)
    source = mosaic(args.work, args.size)
    model = engine._workshop.loaded.get(args.model, args.device)
    tiles = lattice(args.size, model)
    some = tiles[:: max(1, len(tiles) // args.bare)]
    alone(model, source, some[:2])
    alone_s = alone(model, source, some[: len(some) // 2])
    folder = args.work / "runs" / "job"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    before = resident()
    forget_peak()
    started = time.perf_counter()
    request = JobRequest("embed", args.model, Source(str(source)), device=args.device, parameters={"block": args.block})
    files = list(engine.run(request, folder, step()))
    seconds, most = time.perf_counter() - started, peak() - before
    alone_s += alone(model, source, some[len(some) // 2 :])
    record = json.loads(files[-1].read_text())
    stages = {name: round(value) for name, value in record["timings"].items() if name != "total"}
    written = sum(file.stat().st_size for file in files) / 1e6
    shutil.rmtree(folder.parent)
    told = {"tiles": record["tiles"], "seconds": seconds, "bare": alone_s / len(some) * len(tiles), "peak": most}
    assert record["tiles"] == len(tiles)
    return told | {"stages": stages, "written": written}


def plain(args: argparse.Namespace) -> dict:
    """Run what a script of rasterio and transformers does, on the same tiles."""
    import torch
    from transformers import BitImageProcessor, Dinov2Model

    from backend.memory import threads

    batch = int(args.child.split(":")[1])
    torch.set_num_threads(threads())
    device = "cuda" if torch.cuda.is_available() and args.device != "cpu" else "cpu"
    model = Dinov2Model.from_pretrained(args.work / args.model).eval().to(device)
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    process = BitImageProcessor(do_resize=False, do_center_crop=False, image_mean=mean, image_std=std)
    registry, _ = registry_of(args)
    tiles = [tile for tile in lattice(args.size, registry.get(args.model)) if tile.width == tile.height == SIDE]
    out = args.work / "plain.tif"
    before = resident()
    forget_peak()
    started = time.perf_counter()
    with rasterio.open(mosaic(args.work, args.size)) as source:
        cells = -(-args.size // PATCH)
        profile = {"driver": "GTiff", "dtype": "float32", "count": model.config.hidden_size, "compress": "deflate"}
        profile |= {"width": cells, "height": cells, "crs": source.crs, "tiled": True, "bigtiff": "if_safer"}
        profile |= {"transform": source.transform @ rasterio.Affine.scale(PATCH), "interleave": "pixel"}
        with rasterio.open(out, "w", **profile) as target, torch.no_grad():
            for start in range(0, len(tiles), batch):
                group = tiles[start : start + batch]
                images = [source.read((1, 2, 3), window=window_of(tile)).transpose(1, 2, 0) for tile in group]
                inputs = process(images=images, return_tensors="pt").to(device)
                tokens = model(**inputs).last_hidden_state[:, 1:]
                tokens = torch.nn.functional.normalize(tokens, dim=-1).cpu().numpy()
                for tile, vectors in zip(group, tokens, strict=True):
                    side = SIDE // PATCH
                    there = RasterWindow(tile.col // PATCH, tile.row // PATCH, side, side)
                    target.write(vectors.T.reshape(-1, side, side), window=there)
    seconds = time.perf_counter() - started
    written = out.stat().st_size / 1e6
    out.unlink()
    return {"tiles": len(tiles), "seconds": seconds, "peak": peak() - before, "written": written}


def alone(model, source: Path, tiles: list) -> float:
    """Return the seconds that the model alone takes for tiles, read one by one beforehand."""
    seconds = 0.0
    with rasterio.open(source) as dataset:
        for tile in tiles:
            image = np.ascontiguousarray(dataset.read((1, 2, 3), window=window_of(tile)).transpose(1, 2, 0))
            valid = np.ones(image.shape[:2], np.bool_)
            started = time.perf_counter()
            model.dense(image, valid)
            seconds += time.perf_counter() - started
    return seconds


def lattice(size: int, model) -> list:
    """Return the tiles of the whole raster."""
    from backend.tasks.tiles import TileLattice

    stride = getattr(model, "stride", PATCH)
    return list(TileLattice.over(size, size, model.input_size, 1, (0, 0), stride).covering(0, 0, size, size))


def window_of(tile) -> RasterWindow:
    """Return a tile as rasterio's window."""
    return RasterWindow(tile.col, tile.row, tile.width, tile.height)


def step():
    """Return what the engine calls between its pieces."""
    import threading

    from backend.jobs.step import Step

    def report(percent, message, remaining) -> None:
        sys.stderr.write(f"\r{percent:5.1f} % {message[:50]:<50} {resident():6.0f} MB ")

    return Step(report, threading.Event(), lambda: None, lambda _: None)


def registry_of(args: argparse.Namespace):
    """Return the catalogue with the network of random weights, if that is the model, and the folder of weights."""
    from backend.models.catalog import catalog
    from backend.paths import models_folder

    models = models_folder()
    registry = catalog(models)
    if args.model not in VITS:
        return registry, models
    like = registry.get("dinov2-small")
    options = MappingProxyType({"version": 2, "folder": str(args.work / args.model)})
    spec = replace(
        like, id=args.model, title=args.model, weights=None, options=options, loader="tests.benchmarks.embed:load_vit"
    )
    return registry.register(spec), models


def load_vit(spec, folder, device):
    """Load what `make_vit` made, as the catalogue's loader does."""
    from backend.models.dino import load

    return load(spec, Path(spec.options["folder"]), device)


def make_vit(folder: Path, name: str) -> None:
    """Write a DINOv2 of random weights; times do not depend on them."""
    import torch
    from transformers import Dinov2Config, Dinov2Model

    torch.manual_seed(0)
    width, depth, heads = VITS[name]
    Dinov2Model(
        Dinov2Config(
            hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads, patch_size=PATCH, image_size=SIDE
        )
    ).save_pretrained(folder)


CHILDREN = {"ours": ours, "plain": plain}

if __name__ == "__main__":
    sys.exit(main())
