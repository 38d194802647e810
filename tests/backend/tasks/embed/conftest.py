"""A small embedder whose answer depends on where in a tile it looks, rasters for it, and a way to run jobs on them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pytest
import rasterio

from backend.geo.reader import SourceReader
from backend.jobs.unfinished import Unfinished
from backend.models.spec import CORE, ModelSpec
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embed import cells
from backend.tasks.embed.chips import run_chips
from backend.tasks.embed.dense import run_dense
from backend.tasks.embed.job import Embedding
from backend.tasks.embed.parameters import CHIPS, EmbedParameters
from backend.tasks.embed.places import Places

SPEC = ModelSpec("colours", "Colours", ("embed",), "", CORE, 64, "fast", 1)


class Colours:
    """Vectors are mean colours and a number that grows from a tile's left to its right, as in real networks."""

    bands: tuple[str, ...] = ()
    input_size, stride, width, dense_width = 64, 4, 3, 4

    def __init__(self, slope=0.3):
        self.calls, self.slope, self.seen = 0, slope, []

    def embed(self, image, valid=None):
        vector = image.reshape(-1, 3).mean(0).astype(np.float32)
        return vector / np.linalg.norm(vector), np.array([0.25, 0.75], np.float32)

    def dense(self, image, valid):
        assert max(image.shape[:2]) <= self.input_size
        self.calls += 1
        self.seen.append(hashlib.sha256(image.tobytes()).hexdigest())
        rows, columns = (-(-side // 4) for side in image.shape[:2])
        padded = np.pad(image, ((0, rows * 4 - image.shape[0]), (0, columns * 4 - image.shape[1]), (0, 0)), "edge")
        mean = padded.reshape(rows, 4, columns, 4, 3).mean((1, 3), dtype=np.float32).transpose(2, 0, 1) / 255
        place = np.broadcast_to(np.linspace(0, self.slope, columns, dtype=np.float32), (1, rows, columns))
        found = np.concatenate([mean, place])
        return found / np.maximum(np.linalg.norm(found, axis=0), 1e-6)

    def close(self):
        pass


@dataclass
class Ran:
    """A job's file of vectors, and what it told."""

    out: object
    files: list = field(default_factory=list)
    partials: list = field(default_factory=list)
    messages: list = field(default_factory=list)


@pytest.fixture
def picture(tmp_path):
    """Write colours of noise, 4 pixels a speck, with a corner and an ellipse of no data; return its path."""

    def write(width=300, height=220, holes=True, constant=False, name="picture.tif"):
        drawn = np.random.default_rng(7)
        specks = drawn.integers(1, 256, (3, -(-height // 4), -(-width // 4)), np.uint8)
        image = specks.repeat(4, 1).repeat(4, 2)[:, :height, :width]
        if constant:
            image[:] = np.array([200, 90, 30], np.uint8)[:, None, None]
        if holes:
            rows, columns = np.mgrid[:height, :width]
            image[:, :70, :90] = 0
            image[:, ((rows - 150) / 30) ** 2 + ((columns - 200) / 50) ** 2 < 1] = 0
        path = tmp_path / name
        where = rasterio.transform.from_origin(500000, 4000000, 0.5, 0.5)
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=3, dtype="uint8", crs="EPSG:32645",
            transform=where, nodata=0,
        ) as target:  # fmt: skip
            target.write(image)
        return path

    return write


@pytest.fixture
def embed(tmp_path):
    """Run a job in folders of the test's own: `embed(path, model, out name, progress, **parameters)`."""

    def run(path, model, name="e.tif", progress=None, **parameters):
        ran = Ran(tmp_path / name)
        kind = CHIPS if name.endswith(".parquet") else "dense"
        parameters = {"kind": kind, **parameters}
        request = JobRequest("embed", "colours", Source(path=str(path)), parameters=parameters)

        def told(percent, message):
            ran.messages.append((percent, message))
            if progress:
                progress(percent, message)

        with SourceReader(request.source, path) as reader:
            job = Embedding(
                request, EmbedParameters.parse(parameters), reader, SPEC, {"id": "colours", "sha256": {}},
                Places(ran.out), Unfinished(tmp_path / "runs").open, told, ran.partials.append,
            )  # fmt: skip
            ran.files = (run_chips if kind == CHIPS else run_dense)(job, model)
        return ran

    return run


@pytest.fixture
def units(monkeypatch):
    """Make units small: `units(pixels)`."""
    return lambda pixels: monkeypatch.setattr(cells, "WIDEST_UNIT", pixels)
