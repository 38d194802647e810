"""A large raster grounded in bounded memory, stopped at half, gone on with, and the same bytes as in one go.

    python tests/benchmarks/ground_mosaic.py --data DIR --work DIR [--side 20000] [--model mini] [--holes] [--seed N]

DIR of `--data` holds `banepa/images`. A mosaic of these chips, turned and mirrored at random (`--holes`: with pieces of
no data), is written to `--work` as a tiled GeoTIFF in UTM, 0.13 m a pixel, and grounded by the engine the server has,
each run in a process of its own: one is cancelled once half of the parts are done, one goes on from there, one does
it all at once. The clock that results give is pinned, their timings are left out; all else must be equal byte for
byte. Memory is what the kernel counts as resident at most (Linux), less what the process held once the model had
answered on one tile. `--once` leaves out stopping and going on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # as in quality.py

import numpy as np
import rasterio
from rasterio.windows import Window

from backend.errors import Cancelled

CHIP, PIXEL_M = 512, 0.13
LEFT, TOP = 350_000.0, 3_056_000.0
PHRASES = "building; vegetation; road; bare land; water"
STOPPED, RESUMED, THROUGH = "stopped", "resumed", "through"
PHASES = {"Part": "score", "Drawing": "objects", "Writing": "write"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--work", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--model", default="mini")
    parser.add_argument("--phrases", default=PHRASES)
    parser.add_argument("--granularity", default="pixel")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--holes", action="store_true")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--child", choices=(STOPPED, RESUMED, THROUGH), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return child(args)
    path = mosaic_path(args)
    started = time.perf_counter()
    make_mosaic(path, args.data, args.side, args.seed, args.holes)
    print(
        f"mosaic {args.side} x {args.side}, {path.stat().st_size / 1e6:.0f} MB, {time.perf_counter() - started:.0f} s"
    )
    names = [THROUGH] if args.once else [STOPPED, RESUMED, THROUGH]
    for folder in ("runs", "runs_through"):
        shutil.rmtree(args.work / folder, ignore_errors=True)
    rows = [run_child(args, name) for name in names]
    show(rows)
    same = args.once or compare(args.work / RESUMED, args.work / THROUGH)
    return 0 if same else 1


def mosaic_path(args: argparse.Namespace) -> Path:
    """Return where the mosaic lies."""
    return Path(args.work) / "mosaic.tif"


def make_mosaic(path: Path, data: Path, side: int, seed: int, holes: bool) -> None:
    """Write `side` x `side` pixels of Banepa's chips."""
    random = np.random.default_rng(seed)
    chips = []
    for chip in sorted((data / "banepa" / "images").glob("*.tif")):
        with rasterio.open(chip) as source:
            chips.append(np.maximum(source.read((1, 2, 3)), 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    place = rasterio.Affine(PIXEL_M, 0, LEFT, 0, -PIXEL_M, TOP)
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8", "nodata": 0, "tiled": True,
        "blockxsize": CHIP, "blockysize": CHIP, "interleave": "pixel", "crs": "EPSG:32645", "transform": place,
        "bigtiff": "if_safer",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        for top in range(0, side, CHIP):
            for left in range(0, side, CHIP):
                piece = np.rot90(chips[random.integers(len(chips))], random.integers(4), (1, 2))
                piece = piece[:, :, ::-1] if random.integers(2) else piece
                if holes and random.random() < 0.15:
                    piece = np.where(_hole(random), 0, piece)
                height, width = min(CHIP, side - top), min(CHIP, side - left)
                target.write(piece[:, :height, :width], window=Window(left, top, width, height))


def _hole(random: np.random.Generator) -> np.ndarray:
    """Return a chip's pixels without data: all of it, or an ellipse."""
    if random.random() < 0.3:
        return np.ones((CHIP, CHIP), np.bool_)
    rows, columns = np.mgrid[:CHIP, :CHIP]
    (row, column), (high, wide) = random.uniform(0, CHIP, 2), random.uniform(40, 300, 2)
    return ((rows - row) / high) ** 2 + ((columns - column) / wide) ** 2 < 1


def run_child(args: argparse.Namespace, name: str) -> dict:
    """Run one of the three in a process of its own and return what it tells."""
    words = [value for key in ("data", "work", "side", "model", "phrases", "granularity", "device", "seed")
             for value in (f"--{key}", str(getattr(args, key)))]  # fmt: skip
    done = subprocess.run([sys.executable, __file__, *words, "--child", name], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def child(args: argparse.Namespace) -> int:
    """Run the job as the server does, and print what it took as JSON."""
    from backend.jobs.local_engine import LocalEngine
    from backend.models.catalog import catalog
    from backend.paths import models_folder

    runs = args.work / ("runs" if args.child != THROUGH else "runs_through")
    folder = runs / args.child
    folder.mkdir(parents=True, exist_ok=True)
    models = models_folder()
    engine = LocalEngine(catalog(models), models)
    with tiny_area(args) as area:
        engine.run(request(args, area), fresh(args.work / "warm" / "job"), Watch().step())
    watch = Watch(stop_at=0.5 if args.child == STOPPED else 2.0)
    started = time.perf_counter()
    with pinned_clock(), contextlib.suppress(Cancelled):
        engine.run(request(args), folder, watch.step())
    told = watch.told()
    told |= {"name": args.child, "seconds": round(time.perf_counter() - started, 1), "objects": 0, "tiles": 0}
    told["kept_mb"] = round(sum(f.stat().st_size for f in (runs / ".unfinished").rglob("*") if f.is_file()) / 1e6, 1)
    if (folder / "answer.json").exists():
        answer = json.loads((folder / "answer.json").read_text())
        told |= {"objects": answer["item_count"], "tiles": round(answer["pixels_read"] / CHIP**2)}
        shutil.rmtree(args.work / args.child, ignore_errors=True)
        folder.rename(args.work / args.child)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def fresh(folder: Path) -> Path:
    """Make an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextlib.contextmanager
def tiny_area(args: argparse.Namespace) -> Iterator[str]:
    """Give an area of one chip, away from the corner that the run begins with."""
    x, y = LEFT + CHIP * PIXEL_M, TOP - CHIP * PIXEL_M
    yield f"{x},{y - CHIP * PIXEL_M},{x + CHIP * PIXEL_M},{y}"
    shutil.rmtree(args.work / "warm")


def request(args: argparse.Namespace, area: str = ""):
    """Return the request of all three runs."""
    from backend.protocol.jobs import JobRequest
    from backend.protocol.source import Source

    parameters = {"phrases": args.phrases, "granularity": args.granularity, "area": area}
    return JobRequest(
        "ground", args.model, Source(path=str(mosaic_path(args))), parameters=parameters, device=args.device
    )


class Watch:
    """Takes a job's reports: peak and seconds of each phase; cancels once a share of the parts is done."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self._cancelled, self._stop_at = threading.Event(), stop_at
        self._phase, self._since = "", time.perf_counter()
        self._peaks: dict[str, float] = {}
        self._seconds: dict[str, float] = {}
        self._before = resident()
        forget_peak()

    def step(self):
        """Return what the engine calls."""
        from backend.jobs.step import Step

        return Step(self._report, self._cancelled, lambda: None, lambda _: None, show=self._show)

    def told(self) -> dict:
        """Return peaks beyond what was there before, in MB, and seconds, by phase."""
        self._turn("")
        peaks = {name: round(peak - self._before) for name, peak in self._peaks.items()}
        seconds = {name: round(value, 1) for name, value in self._seconds.items()}
        return {"before_mb": round(self._before), "peak_mb": peaks, "phase_s": seconds}

    def _report(self, percent: float, message: str, remaining: float | None) -> None:
        phase = PHASES.get(message.split(" ")[0], "load")
        if phase != self._phase:
            self._turn(phase)
        sys.stderr.write(f"\r{percent:5.1f} % {message[:40]:<40} {resident() - self._before:6.0f} MB ")

    def _turn(self, phase: str) -> None:
        now = time.perf_counter()
        if self._phase:
            self._peaks[self._phase] = max(self._peaks.get(self._phase, 0), peak())
            self._seconds[self._phase] = self._seconds.get(self._phase, 0) + now - self._since
        forget_peak()
        self._phase, self._since = phase, now

    def _show(self, partial) -> None:
        if partial.done >= self._stop_at * partial.total:
            self._cancelled.set()


def resident() -> float:
    """Return the process's resident memory in MB."""
    return status("VmRSS")


def peak() -> float:
    """Return the most of it since it was forgotten."""
    return status("VmHWM")


def status(name: str) -> float:
    """Return a figure of the kernel's about this process in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1e3


def forget_peak() -> None:
    """Let the kernel's peak begin anew from what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")


@contextlib.contextmanager
def pinned_clock() -> Iterator[None]:
    """Let results say that they were made at one time."""
    clock = mock.Mock(now=lambda zone: datetime(2026, 1, 1, tzinfo=UTC))
    with mock.patch("backend.tasks.record.datetime", clock):
        yield


def show(rows: list[dict]) -> None:
    """Print the table."""
    print("peak MB beyond what was there before, by phase\n")
    titles = ("before", "score", "objects", "write", "s", "tiles/s", "found", "kept MB")
    print("run       " + "".join(f"{title:>9}" for title in titles))
    for row in rows:
        peaks = [row["peak_mb"].get(name, 0) for name in ("score", "objects", "write")]
        rate = row["tiles"] / row["phase_s"]["score"] if row["name"] == THROUGH else 0
        print(f"{row['name']:<10}{row['before_mb']:>9}{peaks[0]:>9}{peaks[1]:>9}{peaks[2]:>9}", end="")
        print(f"{row['seconds']:9.0f}{rate:9.2f}{row['objects']:>9}{row['kept_mb']:>9.0f}   {row['phase_s']}")


def compare(one: Path, other: Path) -> bool:
    """Print each file's size and whether both runs made the same of it."""
    names = sorted({file.name for folder in (one, other) for file in folder.iterdir()})
    same = [content(one / name) == content(other / name) for name in names]
    for name, equal in zip(names, same, strict=True):
        print(f"{name:<24}{(other / name).stat().st_size / 1e6:10.1f} MB  {'same' if equal else 'DIFFERENT'}")
    return all(same)


def content(file: Path) -> bytes:
    """Return a file's bytes, of the record all but its timings."""
    if file.name != "run.json":
        return file.read_bytes()
    return json.dumps({**json.loads(file.read_text()), "timings": {}}).encode()


if __name__ == "__main__":
    sys.exit(main())
