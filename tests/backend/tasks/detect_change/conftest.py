"""Pictures of two dates with what changed known, an embedder of mean colours, and a way to run the job on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from backend.geo.reader import SourceReader
from backend.jobs.unfinished import Unfinished
from backend.models.change_detector import ChangeMaps
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.detect_change.detected import Detected
from backend.tasks.detect_change.distance import Distance
from backend.tasks.detect_change.job import Detecting, run_detect_change
from backend.tasks.detect_change.pair import Pair
from backend.tasks.detect_change.places import Places

PLACE = from_origin(300000, 3000000, 0.5, 0.5)


class Colours:
    """Vectors of unit length: a block's mean colour, seen from grey, and one number more."""

    bands: tuple[str, ...] = ()
    input_size, stride, width, dense_width = 64, 4, 4, 4

    def __init__(self):
        self.calls = 0

    def dense(self, image, valid):
        assert max(image.shape[:2]) <= self.input_size
        self.calls += 1
        rows, columns = (-(-side // 4) for side in image.shape[:2])
        padded = np.pad(image, ((0, rows * 4 - image.shape[0]), (0, columns * 4 - image.shape[1]), (0, 0)), "edge")
        mean = padded.reshape(rows, 4, columns, 4, 3).mean((1, 3), dtype=np.float32).transpose(2, 0, 1) / 128 - 1
        found = np.concatenate([mean, np.full((1, rows, columns), 0.3, np.float32)])
        return found / np.linalg.norm(found, axis=0)


class Bright:
    """A `ChangeDetector`: bright is a roof, and what became bright or dark changed."""

    input_size = 64

    def __init__(self, classes=("roof",)):
        self.classes = classes
        self.kinds = ("any",) if len(classes) == 1 else ("none", "other")

    def detect(self, before, after, valid):
        assert max(valid.shape) <= self.input_size
        one, other = (picture.mean(2, dtype=np.float32)[None] / 255 for picture in (before, after))
        change = np.abs(one - other)
        if len(self.classes) == 1:
            return ChangeMaps(change, one, other)
        kinds = np.concatenate([1 - change, change])
        return ChangeMaps(kinds, np.concatenate([1 - one, one]), np.concatenate([1 - other, other]))


@dataclass
class Desk:
    """Where pictures lie and jobs run."""

    folder: Path
    notices: list[str] = field(default_factory=list)
    shown: list[object] = field(default_factory=list)

    def write(self, name, picture, transform=PLACE, crs="EPSG:32645", **more):
        path = self.folder / name
        values = np.atleast_3d(picture).transpose(2, 0, 1)
        bands, height, width = values.shape
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=bands, dtype=values.dtype, crs=crs,
            transform=transform, **more,
        ) as target:  # fmt: skip
            target.write(values)
        return path

    def reader(self, path, **more):
        return SourceReader(Source(str(path), **more), path)

    def pair(self, before, after):
        return Pair.of(self.reader(before), self.reader(after))

    def run(self, before, after, method=None, name="c.tif", progress=lambda *_: None, side=48, **parameters):
        out = self.folder / name
        usual = {"method": "detector" if isinstance(method, Detected) else "distance", "align": False}
        request = JobRequest("detect-change", parameters={**usual, "normalise": "none", **parameters})
        job = Detecting(
            request, self.pair(before, after), method or Distance(Colours()), {"id": "colours"},
            Places(out, out.with_suffix(".gpkg")), Unfinished(self.folder / "runs").open, progress, self.shown.append,
            self.notices.append, side=side, started="2026-01-02T03:04:05Z",
        )  # fmt: skip
        return run_detect_change(job)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def ground(height, width, seed=0, grain=3.0):
    """Return a picture of blotches in three colours, sharp enough to be registered (h, w, 3)."""
    from scipy.ndimage import gaussian_filter

    drawn = np.random.default_rng(seed)
    blotches = np.stack([gaussian_filter(drawn.normal(size=(height, width)), grain) for _ in range(3)], axis=-1)
    return np.clip(110 + 25 * blotches / blotches.std(), 5, 250).astype(np.uint8)


@pytest.fixture(name="ground")
def _ground():
    return ground


@pytest.fixture
def colours():
    return Colours()


@pytest.fixture
def detector():
    return Bright
