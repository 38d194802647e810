"""Search among many real vectors: time and recall of each method against exact comparison, and the wait after a click.

    python tests/benchmarks/search.py --data DIR [--count 1000000] [--queries 200] [--seed 0] [--vectors FILE.npy]

The vectors are Mini's dense ones of the imagery in DIR (all of Dubai, Banepa, then EuroSAT until there are enough);
`--vectors` keeps them for the next run. Queries are vectors taken out of them (`cosine`), and the discriminants that
single clicks there make (`clicks`); both columns are recall@10. Every method gives 200 rows, which are compared again
in float32, as the search job does. Times are of processors, as a shared machine is never idle. Last, the time from a
click to the bytes of a view of 1000 x 800 vectors that is in memory. faiss takes part where it is installed.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])  # `click.py` beside this file is not the package rasterio wants

import numpy as np
import rasterio
from affine import Affine
from PIL import Image

from backend.geo.raster import Grid
from backend.protocol.asks import View
from backend.protocol.prompts import Box
from backend.tasks.search.background import background_of
from backend.tasks.search.by_examples import like
from backend.tasks.search.faiss_index import FaissIndex, has_faiss
from backend.tasks.search.index import index_of
from backend.tasks.search.likeness import as_bytes
from backend.tasks.search.live_field import LiveField
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from tests.benchmarks.quality import load_model

TOP, AGAIN, FEW, VIEW = 10, 20, 20, (1000, 800)


def main() -> int:
    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    args = _arguments()
    vectors = _vectors(args)
    taken = np.random.default_rng(args.seed).choice(len(vectors), args.queries, replace=False)
    queries, base = vectors[taken], np.delete(vectors, taken, axis=0)[: args.count]
    background = background_of(VectorTable(base, np.empty(0, object), "", (), Identity("mini", "", 0), "vectors", ()))
    clicks = np.stack([like([query[None]], [], background).weights for query in queries])
    truths = _truths(base, queries), _truths(base, clicks)
    print(f"{len(base)} vectors of {base.shape[1]} numbers, {args.queries} queries, seed {args.seed}")
    print(f"{'':<40}{'build s':>9}{'ms/query':>10}{'cosine':>9}{'clicks':>9}{'MB':>7}")
    _row(
        "float32, every vector (exact)",
        0,
        _timed(lambda query, towards: _best(base, query), queries[:FEW]),
        1,
        1,
        base.nbytes,
    )
    for name, build, slow in _methods(base):
        clock = time.process_time()
        nearest, centre, size = build()
        built = time.process_time() - clock
        times = _timed(nearest, queries[:FEW])
        recalls = [
            _recall(base, nearest, asked, towards, truth, slow)
            for asked, towards, truth in ((queries, queries - centre, truths[0]), (clicks, clicks, truths[1]))
        ]
        _row(name, built, times, *recalls, size)
    wall, processor = _wait(base, args.seed)
    print(f"from a click to {VIEW[0]} x {VIEW[1]} bytes: {wall:.0f} ms by the clock, {processor:.0f} ms of processors")
    return 0


def _methods(base):
    """Yield (name, what returns a search, the centre and the bytes, whether it is slow)."""
    made = []

    def index(candidates):
        if not made:
            made.append(index_of(base))
        one = made[0]
        parts = (one.numbers, one.scales) if not candidates else (one.numbers, one.scales, one.words)
        size = sum(part.nbytes for part in parts)
        return lambda query, towards: one.nearest(query, TOP * AGAIN, candidates, towards), one.centre, size

    yield "int8, every vector", lambda: index(0), True
    for count in (TOP * AGAIN, 1000, 4000, 16_000, 64_000):
        yield f"signs, best {count} compared", lambda count=count: index(count), False
    if not has_faiss():
        print("faiss is not installed here and takes no part")
        return

    def faiss():
        one = FaissIndex.of(base)
        return lambda query, towards: one.nearest(query, TOP * AGAIN), 0, base.size

    yield "faiss IVF, SQ8, 64 probes", faiss, False


def _best(base, query):
    scores = base @ query
    return np.argpartition(-scores, TOP)[:TOP]


def _truths(base, queries):
    """Return the rows of the best of every query, a block of vectors at a time."""
    rows, scores = np.zeros((len(queries), 0), np.int64), np.zeros((len(queries), 0), np.float32)
    for top in range(0, len(base), 65_536):
        found = queries @ base[top : top + 65_536].T
        some = np.argpartition(-found, TOP, axis=1)[:, :TOP]
        rows = np.concatenate([rows, some + top], axis=1)
        scores = np.concatenate([scores, np.take_along_axis(found, some, 1)], axis=1)
    return np.take_along_axis(rows, np.argsort(-scores, axis=1)[:, :TOP], 1)


def _timed(nearest, queries):
    """Return milliseconds of processors a query."""
    times = []
    for query in queries:
        clock = time.process_time()
        nearest(query, query)
        times.append(1000 * (time.process_time() - clock))
    return float(np.median(times))


def _recall(base, nearest, asked, towards, truths, slow):
    """Return the share of the best ten that are among what is found, once that is compared in float32."""
    hits, every = 0, 10 if slow else 1
    for query, direction, truth in zip(asked[::every], towards[::every], truths[::every], strict=True):
        rows = nearest(query, direction)
        best = rows[np.argsort(-(base[rows] @ query))[:TOP]]
        hits += len(set(best.tolist()) & set(truth.tolist()))
    return hits / (TOP * len(asked[::every]))


def _row(name, built, times, cosine, clicks, size):
    print(f"{name:<40}{built:>9.1f}{times:>10.1f}{cosine:>9.3f}{clicks:>9.3f}{size / 1e6:>7.0f}", flush=True)


class _Memory:
    """A `VectorField` that lies in memory."""

    def __init__(self, values):
        self.grid = Grid(values.shape[2], values.shape[1], Affine(1, 0, 0, 0, -1, values.shape[1]), "")
        self.identity, self.name, self.fingerprint = Identity("mini", "", len(values)), "view", ()
        self._values = values

    def read(self, window, step=1):
        rows = slice(window.row, window.row + window.height, step)
        return self._values[:, rows, window.col : window.col + window.width : step]

    def close(self):
        pass


def _wait(base, seed):
    columns, rows = VIEW
    values = np.resize(base, (rows * columns, base.shape[1])).T.reshape(-1, rows, columns)
    field = _Memory(values)
    live, background = LiveField(field), background_of(field)
    view = View(Box(0, 0, columns, rows), columns, rows)
    drawn, times = np.random.default_rng(seed), []
    for _ in range(12):
        x, y = drawn.uniform(0, columns), drawn.uniform(0, rows)
        clock, processor = time.perf_counter(), time.process_time()
        likeness = like([live.shown.at(x, y)[None]], [], background)
        live.draw(view, lambda some, one=likeness: as_bytes(one, some), lambda: None)
        times.append((1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor)))
    return np.median(times[1:], axis=0)  # the first reads the view


def _vectors(args):
    if args.vectors and args.vectors.is_file():
        return np.load(args.vectors)
    model, parts, wanted = load_model("mini"), [], args.count + args.queries
    for image in _images(args.data, args.seed):
        found = model.dense(image, np.ones(image.shape[:2], bool))
        parts.append((found / np.linalg.norm(found, axis=0)).reshape(len(found), -1).T.astype(np.float16))
        if sum(map(len, parts)) >= wanted:
            break
    vectors = np.concatenate(parts)[:wanted].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    if args.vectors:
        np.save(args.vectors, vectors)
    return vectors


def _images(data, seed):
    """Yield pictures of at most 512 pixels a side."""
    for path in [
        *sorted((data / "dubai" / "images").glob("*.jpg")),
        *sorted((data / "banepa" / "images").glob("*.tif")),
    ]:
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
        for row in range(0, image.shape[0], 512):
            for column in range(0, image.shape[1], 512):
                piece = np.ascontiguousarray(image[row : row + 512, column : column + 512])
                if min(piece.shape[:2]) >= 64:
                    yield piece
    with zipfile.ZipFile(data / "eurosat.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        for index in np.random.default_rng(seed).permutation(len(names)):
            yield np.asarray(Image.open(BytesIO(archive.read(names[index]))).convert("RGB"))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--vectors", type=Path, help="keep the vectors here, or read them")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
