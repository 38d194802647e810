"""A small real dense model, a scene it can read, and a way to run a ground job on it."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import rasterio
from scipy import ndimage

from backend.geo.reader import SourceReader
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from backend.tasks.ground.dense import run_dense
from backend.tasks.ground.job import Grounding
from backend.tasks.ground.places import job_places

COLOURS = {"red": (1, -1, -1), "green": (-1, 1, -1), "blue": (-1, -1, 1)}


class Colours:
    """Dense features are colours, each cell's seen with its neighbours'; a phrase is a direction of colour.

    As real networks do, it answers a little differently at the left of a tile than at its right, by `slope`; what is
    `keen` sees in a mixture what is only a part of it.
    """

    input_size = 64

    def __init__(self, slope=0.0, keen=0):
        self.calls, self.pixels, self.slope, self.keen = 0, 0, slope, keen

    def embed(self, image, valid=None):
        raise NotImplementedError

    def dense(self, image, valid):
        assert max(image.shape[:2]) <= self.input_size
        self.calls += 1
        self.pixels += valid.size
        rows, columns = (-(-side // 4) for side in image.shape[:2])
        padded = np.pad(image, ((0, rows * 4 - image.shape[0]), (0, columns * 4 - image.shape[1]), (0, 0)), "edge")
        cells = padded.reshape(rows, 4, columns, 4, 3).mean((1, 3), dtype=np.float32)
        cells *= np.linspace(1 - self.slope, 1 + self.slope, columns, dtype=np.float32)[:, None]
        return ndimage.uniform_filter(cells, (3, 3, 1), mode="nearest").transpose(2, 0, 1)

    def phrases(self, phrases):
        return np.array([COLOURS[phrase] for phrase in phrases], np.float32)

    def scores(self, dense, phrases):
        return (np.tensordot(phrases, dense, axes=1) + self.keen) / 20

    def close(self):
        pass


@dataclass
class Run:
    """One job's files, where it kept its units, and what it told."""

    folder: Path
    files: list = field(default_factory=list)
    partials: list = field(default_factory=list)
    percents: list = field(default_factory=list)
    message: str = ""

    def read(self, name):
        with rasterio.open(self.folder / name) as dataset:
            return dataset.read()


@pytest.fixture
def scene(tmp_path):
    """Write a scene of 300 x 220 pixels: rectangles of colour on grey; return its path."""

    def write(boxes, name="scene.tif", width=300, height=220, hole=None, crs="EPSG:32645", metres=0.5):
        image = np.full((height, width, 3), 80, np.uint8)
        for (left, top, right, bottom), colour in boxes:
            image[top:bottom, left:right] = np.where(np.array(COLOURS[colour]) > 0, 220, 20)
        noise = np.random.default_rng(1).integers(-3, 4, image.shape)
        image = np.clip(image + noise, 1, 255).astype(np.uint8)
        if hole:
            image[hole[1] : hole[3], hole[0] : hole[2]] = 0
        path = tmp_path / name
        place = (
            {"crs": crs, "transform": rasterio.transform.from_origin(500000, 4000000, metres, metres)} if crs else {}
        )
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=3, dtype="uint8", nodata=0, **place
        ) as target:
            target.write(image.transpose(2, 0, 1))
        return path

    return write


@pytest.fixture
def ground(tmp_path):
    """Run a job in a folder of its own; what it kept lies in `units` there unless `kept` says where."""

    def run(path, name="run", model=None, kept=None, stop=None, unit_side=128, out="", origin=(0, 0), **wanted):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        found = Run(folder)

        @contextlib.contextmanager
        def keep(key):
            units = (kept or folder) / f"units-{key}"
            units.mkdir(parents=True, exist_ok=True)
            yield units

        def progress(percent, message):
            found.percents.append(percent)
            found.message = message
            if stop:
                stop(found)

        request = JobRequest(
            "ground", "colours", Source(path=str(path), origin=origin), parameters=wanted, output=Output(path=str(out))
        )
        with SourceReader(request.source, path) as reader:
            places = job_places(folder, request)
            job = Grounding(
                request, reader, {"id": "colours"}, "Colours", places, keep, progress, found.partials.append, unit_side
            )
            found.files = run_dense(job, model or Colours())
        return found

    return run
