"""A `detect-change` request through the engine of this machine."""

import csv
import threading

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from backend.errors import BadInput, Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models import oem
from backend.models.change_detector import ChangeMaps
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source


class Blue:
    """What became blue became water."""

    input_size, classes = 64, oem.NAMES

    def detect(self, before, after, valid):
        one, other = (picture[..., 2] > 200 for picture in (before, after))
        change = np.float32(one != other)[None]

        def kinds(wet):
            found = np.zeros((len(oem.NAMES), *wet.shape), np.float32)
            found[oem.WATER], found[oem.BARE] = wet, ~wet
            return found

        return ChangeMaps(change, kinds(one), kinds(other))

    def close(self):
        pass


def load(spec, folder, device):
    return Blue()


SPEC = ModelSpec("blue", "Blue", ("detect-change",), f"{__name__}:load", CORE, 64, "fast", 1)


@pytest.fixture
def engine(tmp_path):
    return LocalEngine(Registry().register(SPEC), tmp_path / "models")


@pytest.fixture
def dates(tmp_path):
    def write(name, values):
        with rasterio.open(
            tmp_path / name, "w", driver="GTiff", width=100, height=90, count=3, dtype="uint8", crs="EPSG:32645",
            transform=from_origin(300000, 3000000, 1, 1),
        ) as target:  # fmt: skip
            target.write(values)
        return Source(str(tmp_path / name))

    before = np.random.default_rng(0).integers(60, 150, (3, 90, 100)).astype(np.uint8)
    after = before.copy()
    after[2, 20:60, 30:80] = 250
    return write("a.tif", before), write("b.tif", after)


def step_of(cancelled=None, told=None):
    return Step(lambda *_: None, cancelled or threading.Event(), lambda: None, (told or []).append)


def request(dates, **more):
    parameters = {"method": "detector", "normalise": "none", **more.pop("parameters", {})}
    return JobRequest("detect-change", "blue", dates[0], parameters=parameters, others={"after": dates[1]}, **more)


def run(engine, asked, folder, step=None):
    folder.mkdir(exist_ok=True)
    engine.check(asked)
    return list(engine.run(asked, folder, step or step_of()))


def test_a_job_leaves_four_files_in_its_folder(engine, dates, tmp_path):
    files = run(engine, request(dates), tmp_path / "job")
    assert [file.name for file in files] == ["change.gpkg", "change.tif", "change.csv", "change.run.json"]
    [row] = csv.DictReader(files[2].read_text().splitlines())
    assert (row["from"], row["to"], row["pixels"]) == ("bare land", "water", "2000")
    assert float(row["area_m2"]) == pytest.approx(2000, rel=0.01)
    with rasterio.open(files[1]) as found:
        assert found.read(1)[22:58, 32:78].min() == 250


def test_a_cancelled_job_leaves_nothing(engine, dates, tmp_path):
    cancelled = threading.Event()
    cancelled.set()
    out = tmp_path / "out.tif"
    with pytest.raises(Cancelled):
        run(engine, request(dates, output=Output(str(out))), tmp_path / "job", step_of(cancelled))
    assert not list(tmp_path.glob("out*"))


def test_what_the_request_lacks_is_said(engine, dates):
    with pytest.raises(BadInput, match="name the later picture"):
        engine.check(JobRequest("detect-change", "blue", dates[0]))
    with pytest.raises(BadInput, match="knows nothing of 'labels'"):
        engine.check(JobRequest("detect-change", "blue", dates[0], others={"after": dates[1], "labels": dates[1]}))
    with pytest.raises(BadInput, match="'colour' is no parameter"):
        engine.check(request(dates, parameters={"colour": 1}))
