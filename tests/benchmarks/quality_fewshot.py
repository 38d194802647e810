"""A class map of Dubai from five clicks a class: the embed job's vectors, the few-shot task's probe, mean IoU.

    python tests/benchmarks/quality.py --data DIR --model mini --split held --figures fewshot [--seed N]

The pictures of one tile are a scene. Clicks fall at random on cells that are wholly of one class, so that a class is
shown where it is; each of ten seeds draws its own. `own` learns from the scene itself and maps all of it, `other` maps
it as learnt from the other scenes' clicks, one scene after another. `colours` learns from the scene itself by mean and
deviation of the cell's colours and of those around it: the yardstick that needs no model. `said` is the accuracy that
the probe foretells, `told rightly` what it is over all pixels, every class counting alike, `off` how far confidence is
from the share of pixels told rightly (expected calibration error, ten bins). Unlabelled pixels do not count; a class
that a scene lacks is left out of its mean. Strengths and scale of the probe were chosen on tiles 1 and 2.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import rasterio
from scipy.ndimage import uniform_filter

from backend.geo.raster import Window
from backend.jobs.embedding import FITTED, run_embed
from backend.jobs.run_context import RunContext
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embed.places import Places
from backend.tasks.fewshot.apply import STEPS, classes_and_confidence, classes_of
from backend.tasks.fewshot.examples import Example, examples_of
from backend.tasks.fewshot.learning import learnt
from backend.tasks.vectors.open import open_vectors
from backend.training.phrases import UNSEEN
from tests.benchmarks.quality import DUBAI_HELD
from tests.benchmarks.quality_ground import loaded_models, of_split

CLASSES, CLICKS, SEEDS = tuple(UNSEEN), 5, 10


@dataclass(frozen=True)
class Picture:
    """Vectors (width, rows, columns), classes of pixels (0 unlabelled) and cells (0 mixed), colours as `vectors`."""

    vectors: np.ndarray
    pixels: np.ndarray
    cells: np.ndarray
    colours: np.ndarray


def measure(model, args):
    """Return mIoU, mean and deviation over seeds, of each scene learnt from itself and from the others."""
    folder = args.data / "dubai"
    if not folder.is_dir():
        return {"left out": "there is no folder dubai"}
    paths = sorted((folder / "images").glob("*.jpg"))
    tiles = dict.fromkeys(path.stem.split("_")[0] for path in paths)
    with tempfile.TemporaryDirectory() as work:
        scenes = {
            tile: [pictured(args.model, path, folder, Path(work)) for path in paths if path.name.startswith(tile)]
            for tile in tiles
            if of_split(args.split, tile in DUBAI_HELD)
        }
    identity = scenes[next(iter(scenes))][0][1]
    scenes = {tile: [picture for picture, _ in found] for tile, found in scenes.items()}
    rows = {tile: {"own": [], "other": [], "colours": [], "said": [], "told rightly": [], "off": []} for tile in scenes}
    for seed in range(args.seed, args.seed + SEEDS):
        known = {tile: learnt(clicked(scene, seed), identity) for tile, scene in scenes.items()}
        for tile, scene in scenes.items():
            counts = crossed(scene, known[tile])
            rows[tile]["own"].append(miou(counts))
            rows[tile]["said"].append(known[tile].accuracy)
            rows[tile]["told rightly"].append(recall(counts))
            rows[tile]["off"].append(miscalibrated(scene, known[tile]))
            plain = [replace(picture, vectors=picture.colours) for picture in scene]
            rows[tile]["colours"].append(miou(crossed(plain, learnt(clicked(plain, seed), identity))))
            for other in known:
                if other != tile:
                    rows[tile]["other"].append(miou(crossed(scene, known[other])))
    each = [np.mean([rows[tile]["own"][index] for tile in rows]) for index in range(SEEDS)]
    places = {tile: {name: spread(values) for name, values in row.items() if values} for tile, row in rows.items()}
    return {"clicks a class": CLICKS, "seeds": SEEDS, "mean of scenes": spread(each), **places}


def pictured(model_id, path, folder, work):
    """Return a picture with its vectors, as the embed job writes them, and whose they are.

    What a model learns from the first picture, kept in the folder `work`, is used for all.
    """
    loaded, models = loaded_models()
    out, learnt_first = work / "e.tif", work / "first.fitted"
    others = {FITTED: Source(path=str(learnt_first))} if learnt_first.exists() else {}
    run = RunContext(loaded, models, work / "runs", lambda *_: None)
    request = JobRequest("embed", model_id, Source(path=str(path.absolute())), others=others)
    for written in run_embed(request, Places(out), run):
        if written.suffix == ".fitted" and not others:
            shutil.copy(written, learnt_first)
    with open_vectors(out) as field, rasterio.open(folder / "masks" / f"{path.stem}.png") as masks:
        vectors = field.read(Window(0, 0, field.grid.width, field.grid.height))
        pixels = masks.read(1)
        identity, block = field.identity, round(field.grid.transform.a)
    rows, columns = vectors.shape[1:]
    padded = np.zeros((rows * block, columns * block), pixels.dtype)
    padded[: pixels.shape[0], : pixels.shape[1]] = pixels
    blocks = padded.reshape(rows, block, columns, block).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
    cells = np.where((blocks == blocks[..., :1]).all(2), blocks[..., 0], 0)
    return Picture(vectors, padded, cells, coloured(path, block, cells.shape)), identity


def coloured(path, block, shape):
    """Return unit vectors (13, rows, columns) of the colours of a cell and of the 5 x 5 cells around it."""
    with rasterio.open(path) as source:
        image = source.read().astype(np.float32) / 255 - 0.5
    image = np.pad(image, ((0, 0), *((0, -side % block) for side in image.shape[1:])), "edge")
    means, squares = (value.reshape(3, shape[0], block, shape[1], block).mean((2, 4)) for value in (image, image**2))
    parts = [means, np.sqrt(np.maximum(squares - means**2, 0))]
    around, wide = (np.stack([uniform_filter(band, 5) for band in bands]) for bands in (means, squares))
    values = [*parts, around, np.sqrt(np.maximum(wide - around**2, 0))]
    found = np.concatenate([np.full((1, *shape), 0.5, np.float32), *values])  # so that directions tell dark from bright
    return found / np.linalg.norm(found, axis=0)


def clicked(scene, seed):
    """Return the examples of one person: clicks on random cells of each class."""
    drawn, found = np.random.default_rng(seed), []
    for value, name in enumerate(CLASSES, 1):
        places = [(index, *cell) for index, one in enumerate(scene) for cell in np.argwhere(one.cells == value)]
        for place in drawn.permutation(len(places))[:CLICKS]:
            index, row, column = places[place]
            found.append(Example(name, scene[index].vectors[:, row, column][None]))
    return examples_of(found)


def miscalibrated(scene, classifier):
    """Return the mean distance of the confidence of pixels from the share of them that is told rightly, in ten bins."""
    numbers = np.array([CLASSES.index(name) + 1 for name in classifier.names])
    sure, right = [], []
    for one in scene:
        found = classes_and_confidence(classifier, one.vectors.reshape(len(one.vectors), -1))
        block = len(one.pixels) // len(one.cells)
        shown, steps = (np.repeat(np.repeat(part.reshape(one.cells.shape), block, 0), block, 1) for part in found)
        known = one.pixels > 0
        sure.append(steps[known] / STEPS)
        right.append(numbers[shown[known]] == one.pixels[known])
    sure, right = np.concatenate(sure), np.concatenate(right)
    bins = np.minimum((sure * 10).astype(int), 9)
    counts = np.bincount(bins, minlength=10)
    apart = np.bincount(bins, sure, 10) - np.bincount(bins, right, 10)
    return float(np.abs(apart).sum() / counts.sum())


def crossed(scene, classifier):
    """Return how many pixels of each class (rows) the map gives each class (columns)."""
    total, numbers = np.zeros((6, 6), np.int64), np.array([CLASSES.index(name) + 1 for name in classifier.names])
    for one in scene:
        found = classes_of(classifier, one.vectors.reshape(len(one.vectors), -1)).reshape(one.cells.shape)
        block = len(one.pixels) // len(one.cells)
        shown = np.repeat(np.repeat(numbers[found], block, 0), block, 1)
        known = one.pixels > 0
        total += np.bincount(one.pixels[known] * 6 + shown[known], minlength=36).reshape(6, 6)
    return total[1:, 1:]


def miou(counts):
    """Return the mean IoU of the classes that are there."""
    union = counts.sum(0) + counts.sum(1) - np.diag(counts)
    return float(np.mean([counts[i, i] / union[i] for i in range(len(CLASSES)) if counts[i].sum()]))


def recall(counts):
    """Return the mean share of each class's pixels that are told rightly: what the probe's accuracy foretells."""
    return float(np.mean([counts[i, i] / counts[i].sum() for i in range(len(CLASSES)) if counts[i].sum()]))


def spread(values):
    """Return mean and standard deviation as text."""
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"
