"""Embedding of a large raster: end to end against the bare model, memory at two sizes, and a plain script beside it.

    python tests/benchmarks/embed.py --data DIR --work DIR [--size 20000] [--small 5000] [--model mini] [--plain]

DIR of `--data` holds `banepa/images`, chips that a mosaic of `--size` x `--size` pixels is made of (seed 0). Each row
of the table is a process of its own, in which the engine that the server has embeds the whole mosaic:

*ratio* is the time that the model alone takes for the same tiles, divided by the time of the whole job. Alone: every
eighth tile is given to the model a second time at once, in the same process and the same minute of a machine that is
never quite idle; this second call is timed and taken off the job. *peak* is what the kernel counts as resident at most
during the job, less what was there once the model had answered (Linux). `--small` is a second size, for the memory; 0
leaves it out.

`--model mini`, or a DINOv2 with random weights: `vit-tiny`, `vit-small`, `vit-base`, `vit-large`. For these `--plain`
also runs what a script does that is written with rasterio and transformers (as samgeo and geoai do it: read a tile,
the model's image processor, batches of 1 and 8, float32 vectors written tile by tile), with the same network, the
same tiles and as many threads; it neither blends nor can it be stopped. Its *bare* is the network's part of its time,
and *ahead* how many times as long it takes for a tile, once by the clock and once if the network took both the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import OrderedDict
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
        job = child(args, "ours", size)
        show(size, "job", job)
        for batch in (1, 8) if args.plain and size == args.size else ():
            plain = child(args, f"plain:{batch}", size)
            show(size, f"script, batch {batch}", plain)
            clock = plain["seconds"] / plain["tiles"] / job["seconds"] * job["tiles"]
            print(
                f"{'':12}ahead {clock:.2f}, {share(job) / share(plain):.2f} with the network's time equal", flush=True
            )
    return 0


def share(row: dict) -> float:
    """Return the network's share of the time."""
    return row["bare"] / row["seconds"]


def mosaic(work: Path, size: int) -> Path:
    """Return where the mosaic of a size lies."""
    return work / f"mosaic_{size}.tif"


def child(args: argparse.Namespace, name: str, size: int) -> dict:
    """Run one measurement in a process of its own and return what it tells."""
    given = {"data": args.data, "work": args.work, "size": size, "model": args.model, "block": args.block}
    given |= {"device": args.device, "child": name}
    words = [word for key, value in given.items() for word in (f"--{key}", str(value))]
    done = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def show(size: int, who: str, row: dict) -> None:
    """Print a row of the table."""
    rate = row["tiles"] / row["seconds"]
    print(f"{size:<12}{who:<16}{row['tiles']:>6}{row['seconds']:>9.0f}{rate:>9.2f}", end="")
    print(f"{row['bare']:8.0f}{share(row):7.2f}{row['peak']:>9.0f}", end="   ")
    print(f"{row.get('stages', '')} {row['written']:.0f} MB", flush=True)


def ours(args: argparse.Namespace) -> dict:
    """Run the job, the model alone before and after it."""
    from backend.jobs.local_engine import LocalEngine
    from backend.protocol.jobs import JobRequest
    from backend.protocol.source import Source

    registry, models = registry_of(args)
    engine = LocalEngine(registry, models)
    loaded = engine._workshop.loaded
    model = Twice(loaded.get(args.model, args.device))
    loaded._loaded = OrderedDict((key, model) for key in loaded._loaded)
    tiles = lattice(args.size, model)
    model.dense(np.zeros((model.input_size, model.input_size, 3), np.uint8), np.ones((model.input_size,) * 2, np.bool_))
    folder = args.work / "runs" / "job"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    model.forget()
    before = resident()
    forget_peak()
    started = time.perf_counter()
    source = Source(str(mosaic(args.work, args.size)))
    request = JobRequest("embed", args.model, source, device=args.device, parameters={"block": args.block})
    files = list(engine.run(request, folder, step()))
    seconds, most = time.perf_counter() - started - model.seconds, peak() - before
    record = json.loads(files[-1].read_text())
    stages = {name: round(value) for name, value in record["timings"].items() if name != "total"}
    written = sum(file.stat().st_size for file in files) / 1e6
    shutil.rmtree(folder.parent)
    assert record["tiles"] == len(tiles)
    bare = model.seconds / model.pictures * len(tiles)
    told = {"tiles": len(tiles), "seconds": seconds, "bare": bare, "peak": most}
    return told | {"stages": stages, "written": written}


class Twice:
    """A model that is asked again, with the clock running, every eighth time."""

    def __init__(self, model) -> None:
        self._model = model
        self.forget()

    def __getattr__(self, name: str):
        if name == "dense_batch":
            return lambda images, valid: self._asked(getattr(self._model, name), images, valid, len(images))
        return getattr(self._model, name)

    def forget(self) -> None:
        """Count anew."""
        self.calls, self.seconds, self.pictures = 0, 0.0, 0

    def dense(self, image, valid):
        """Return what the model does."""
        return self._asked(self._model.dense, image, valid, 1)

    def _asked(self, ask, images, valid, count: int):
        found = ask(images, valid)
        self.calls += 1
        if self.calls % 8 == 1:
            started = time.perf_counter()
            ask(images, valid)
            self.seconds += time.perf_counter() - started
            self.pictures += count
        return found


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
    out, forward = args.work / "plain.tif", 0.0
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
                called = time.perf_counter()
                tokens = model(**inputs).last_hidden_state[:, 1:]
                forward += time.perf_counter() - called
                tokens = torch.nn.functional.normalize(tokens, dim=-1).cpu().numpy()
                for tile, vectors in zip(group, tokens, strict=True):
                    side = SIDE // PATCH
                    there = RasterWindow(tile.col // PATCH, tile.row // PATCH, side, side)
                    target.write(vectors.T.reshape(-1, side, side), window=there)
    seconds = time.perf_counter() - started
    written = out.stat().st_size / 1e6
    out.unlink()
    told = {"tiles": len(tiles), "seconds": seconds, "bare": forward, "peak": peak() - before}
    return told | {"written": written}


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
