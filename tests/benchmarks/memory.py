"""Does memory stay flat? `BACKEND_PYTHON -P tests/benchmarks/memory.py` (with PyQt6 and psutil).

Makes a 2 GB raster, opens it in the real backend process and clicks in 200 different windows of it; then opens and
closes 100 sessions. Prints what the process holds on the way, in MB: resident memory, threads, open files. Memory
grows until the embeddings fill their budget (512 MiB) and stays there. The raster is deleted afterwards.
"""

import argparse
import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))  # behind packages: `click.py` here is not the one rasterio wants

import numpy as np
import psutil
import rasterio
from plugin_side import ROOT, WORK, connect, opened, run_until, stop
from qgis.PyQt.QtCore import QCoreApplication
from rasterio.windows import Window
from toposcope.backend.protocol.source import Source

SIDE, TILE = 26_000, 1024
MARGIN = 300


def make(path, image):
    """Write 2 GB of imagery: the same kilometre over and over, turned and shifted, so that no two windows are alike."""
    with rasterio.open(image) as source:
        band = source.read(1).astype(np.float32)
        low, high = np.percentile(band, (2, 98))
        chip = np.clip(255 * (band - low) / (high - low), 0, 255).astype(np.uint8)
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 3, "dtype": "uint8", "crs": "EPSG:32611"}
    profile |= {"tiled": True, "blockxsize": 512, "blockysize": 512, "interleave": "pixel"}
    profile |= {"transform": rasterio.Affine(0.3, 0, 600_000, 0, -0.3, 4_000_000)}
    random = np.random.default_rng(0)
    with rasterio.open(path, "w", **profile) as target:
        for top in range(0, SIDE, TILE):
            for left in range(0, SIDE, TILE):
                height, width = min(TILE, SIDE - top), min(TILE, SIDE - left)
                turned = np.roll(np.rot90(chip, random.integers(4)), random.integers(chip.shape[0]), axis=0)
                piece = np.stack([np.roll(turned, shift, axis=1)[:height, :width] for shift in (0, 1, 2)])
                target.write(piece, window=Window(left, top, width, height))


def places(count):
    """Return pixel positions spread over the raster, each in a window of its own."""
    across = int(np.ceil(np.sqrt(count)))
    steps = np.linspace(MARGIN, SIDE - MARGIN, across)
    return [(x, y) for y in steps for x in steps][:count]


def held(process):
    """Return what the process holds."""
    with process.oneshot():
        return process.memory_info().rss / 1e6, process.num_threads(), process.num_fds()


def click(session, place):
    session.clear()
    x0, a, _, y0, _, e = session.info.transform
    session.add_point(x0 + a * place[0], y0 + e * place[1])
    run_until(lambda: session.answer is not None)


def windows(connection, path, model, count):
    """Click once in each of `count` windows and print what is held on the way."""
    process = psutil.Process(connection._backend.pid)
    found = []
    with opened(connection, Source(str(path)), model) as session:
        for number, place in enumerate(places(count), 1):
            click(session, place)
            found.append(held(process))
            if number in (1, 2, 5, 10) or number % 20 == 0:
                print(f"window {number:4d}: {show(found[-1])}", flush=True)
    memory = [rss for rss, _, _ in found]
    quarter = len(memory) // 4
    print(f"first {memory[0]:.0f} MB, last {memory[-1]:.0f} MB, most {max(memory):.0f} MB")
    third, fourth = statistics.median(memory[2 * quarter : 3 * quarter]), statistics.median(memory[3 * quarter :])
    change = 100 * (fourth / third - 1)
    print(f"median of the third quarter {third:.0f} MB, of the fourth {fourth:.0f} MB ({change:+.1f} %)")


def sessions(connection, path, model, count):
    """Open and close `count` sessions, one click each at the same place."""
    process = psutil.Process(connection._backend.pid)
    for number in range(1, count + 1):
        with opened(connection, Source(str(path)), model) as session:
            click(session, (MARGIN, MARGIN))
        if number in (1, 2, 10) or number % 25 == 0:
            print(f"session {number:4d}: {show(held(process))}", flush=True)


def show(now):
    return f"{now[0]:6.0f} MB, {now[1]} threads, {now[2]} open files"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", type=Path, default=ROOT / "build/data/las_vegas.tif")
    parser.add_argument("--model", default="classic")
    parser.add_argument("--windows", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=100)
    arguments = parser.parse_args()
    application = QCoreApplication([])
    path = WORK / "large.tif"
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(sys.executable)
    connection.start()
    run_until(lambda: connection.ready)
    try:
        make(path, arguments.image)
        print(
            f"{path.stat().st_size / 1e9:.2f} GB raster; before: {show(held(psutil.Process(connection._backend.pid)))}"
        )
        windows(connection, path, arguments.model, arguments.windows)
        sessions(connection, path, arguments.model, arguments.sessions)
    finally:
        path.unlink(missing_ok=True)
        stop(connection)
    del application


if __name__ == "__main__":
    main()
