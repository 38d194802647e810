"""What the figures of grounding share: a job on one picture as the backend runs it, and a table over places.

A figure's `held` places are those that Mini's recipes leave out, its `tune` places all others, on which constants are
chosen; `all` is everything there is, for places none of this was made with.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely

from backend.geo.reader import SourceReader
from backend.jobs.grounding import run_ground
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.ground.places import job_places

CHOICES = ("decoder", "upsample", "remove_bias", "refine", "threshold", "outline", "granularity")
"""Options of the benchmark that are parameters of the job, where given."""


@dataclass(frozen=True)
class Answered:
    """A job's files in `folder`, and the grid of its source."""

    folder: Path
    grid: object

    def objects(self):
        """Return (score, polygon in pixels) of the objects, best first."""
        meta, _, geometry, columns = pyogrio.raw.read(self.folder / "instances.gpkg")
        scores = columns[list(meta["fields"]).index("score")].tolist()
        found = [(s, in_pixels(g, self.grid)) for s, g in zip(scores, shapely.from_wkb(geometry), strict=True)]
        return sorted(found, key=lambda one: -one[0])

    def best(self):
        """Return each pixel's best phrase whatever its score, from 1 on, 0 no data."""
        with rasterio.open(self.folder / "best.tif") as dataset:
            return dataset.read(1)


@contextlib.contextmanager
def grounded(args, path, phrases, answer, bands=()):
    """Run a job of `args.model` over all of a picture and give what it answered; its files go in the end."""
    path = path.absolute()
    chosen = {name: value for name in CHOICES if (value := getattr(args, name)) is not None}
    parameters = {"phrases": "; ".join(phrases), "answer": answer, "granularity": "pixel", **chosen}
    source = Source(path=str(path), bands=bands)
    request = JobRequest("ground", args.model, source, parameters=parameters)
    loaded, models = loaded_models()
    with tempfile.TemporaryDirectory() as name, SourceReader(source, path) as reader:
        folder = Path(name)
        places = job_places(folder, request)
        run_ground(request, loaded, models, reader, places, folder / "runs", lambda *_: None)
        yield Answered(folder, reader.grid)


@lru_cache(maxsize=1)
def loaded_models():
    """Return the store of models the backend uses, and their folder."""
    from backend.models.catalog import catalog
    from backend.models.loaded import LoadedModels
    from backend.paths import models_folder

    return LoadedModels(catalog(models_folder()), models_folder()), models_folder()


def in_pixels(shape, grid):
    """Return a shape of the grid's CRS in its pixels."""
    a, b, c, d, e, f = (~grid.transform)[:6]
    return shapely.transform(shape, lambda xy: xy @ np.array([[a, d], [b, e]]) + (c, f)).buffer(0)


def of_split(split, held):
    """Say whether a place belongs to the split, by whether it is held out."""
    return {"tune": not held, "report": held, "held": held, "all": True}[split]


def table(pictures, row, key):
    """Return the figures of all pictures together, of each place, and how `key` varies from picture to picture.

    `pictures` are (place, what was counted); `row` makes figures of a list of counts. Pooled, not averaged: a picture
    counts by what is in it.
    """
    if not pictures:
        return {"left out": "no place of this split is in the folder"}
    each = [row([counts])[key] for _, counts in pictures]
    places = dict.fromkeys(place for place, _ in pictures)
    low, middle, high = np.percentile(each, (10, 50, 90)).round(3).tolist()
    return {
        "all": row([counts for _, counts in pictures]),
        f"{key} of single pictures": {"pictures": len(each), "10 %": low, "median": middle, "90 %": high},
        "places": {name: row([counts for place, counts in pictures if place == name]) for name in places},
    }


def rates(hits, found, truths):
    """Return precision, recall and F1 with what they were counted from."""
    precision, recall, f1 = hits / max(found, 1), hits / max(truths, 1), 2 * hits / max(found + truths, 1)
    return {"found": found, "truths": truths} | {
        name: round(value, 3) for name, value in (("precision", precision), ("recall", recall), ("f1", f1))
    }
