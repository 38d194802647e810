"""A `detect-change` request through the engine of this machine."""

import csv
import json
import threading
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

from backend.errors import BadInput, Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models import oem
from backend.models.catalog import MINI
from backend.models.catalog_change import MINI_CHANGE
from backend.models.change_detector import ChangeMaps
from backend.models.mini_change import FOLDER
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source


class Blue:
    """What became blue became water."""

    input_size, kinds, classes = 64, ("any",), oem.NAMES

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


class Nameless(Blue):
    """Tells whether, but not what."""

    classes = ()

    def detect(self, before, after, valid):
        found = super().detect(before, after, valid)
        return ChangeMaps(found.change, found.before[:0], found.after[:0])


def load_nameless(spec, folder, device):
    return Nameless()


SPEC = ModelSpec("blue", "Blue", ("detect-change",), f"{__name__}:load", CORE, 64, "fast", 1)
NAMELESS = replace(SPEC, id="nameless", title="Nameless", loader=f"{__name__}:load_nameless")


@pytest.fixture
def engine(tmp_path):
    return LocalEngine(Registry().register(SPEC, NAMELESS, MINI, MINI_CHANGE), tmp_path / "models")


@pytest.fixture
def write(tmp_path):
    """Return a function that writes (3, rows, columns) and returns it as a source."""

    def act(name, values):
        with rasterio.open(
            tmp_path / name, "w", driver="GTiff", width=values.shape[2], height=values.shape[1], count=3,
            dtype="uint8", crs="EPSG:32645", transform=from_origin(300000, 3000000, 1, 1),
        ) as target:  # fmt: skip
            target.write(values)
        return Source(str(tmp_path / name))

    return act


@pytest.fixture
def dates(write):
    before = np.random.default_rng(0).integers(60, 150, (3, 90, 100)).astype(np.uint8)
    after = before.copy()
    after[2, 20:60, 30:80] = 250
    return write("a.tif", before), write("b.tif", after)


def step_of(cancelled=None, told=None):
    return Step(lambda *_: None, cancelled or threading.Event(), lambda: None, (told or []).append)


def request(dates, model="blue", **more):
    parameters = {"method": "detector", "normalise": "none", **more.pop("parameters", {})}
    return JobRequest("detect-change", model, dates[0], parameters=parameters, others={"after": dates[1]}, **more)


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


def test_buildings_alone(engine, dates, tmp_path):
    """What became water is no change of buildings."""
    files = run(engine, request(dates, parameters={"only": "building"}), tmp_path / "job")
    assert files[2].read_text() == "from,to,pixels,area_m2,share\n"
    told = json.loads(files[-1].read_text())
    assert told["only"] == {"asked": "building", "told": "building"}
    assert told["parameters"]["only"] == "building"


def test_who_cannot_tell_buildings_says_so(engine, dates, tmp_path):
    with pytest.raises(BadInput, match="Nameless does not tell building from other change; choose another model"):
        run(engine, request(dates, "nameless", parameters={"only": "building"}), tmp_path / "job")
    with pytest.raises(BadInput, match="The method distance knows no buildings; choose the method detector"):
        engine.check(request(dates, parameters={"only": "building", "method": "distance"}))


def test_phrases_are_refused_where_the_detector_has_classes(engine, dates, tmp_path):
    phrases = {"classes": "house;wood"}
    with pytest.raises(BadInput, match="Blue answers in classes of its own; leave classes out, or choose another"):
        run(engine, request(dates, parameters=phrases), tmp_path / "job")
    assert not list((tmp_path / "job").iterdir())
    files = run(engine, request(dates, "nameless", parameters=phrases), tmp_path / "told")
    rows = csv.DictReader(files[2].read_text().splitlines())
    named = {row[side] for row in rows for side in ("from", "to")} - {""}
    assert named
    assert named <= {"house", "wood"}


@pytest.mark.skipif(not (FOLDER / "change.onnx").exists(), reason="the weights are not in this checkout")
def test_the_detector_that_ships_leaves_out_what_is_no_building(engine, write, tmp_path):
    """On a meadow a roof comes, and dark wood."""
    drawn = np.random.default_rng(0)
    waves = gaussian_filter(drawn.normal(0, 60, (120, 160)), 1.5) * np.reshape((1, 1.5, 1), (3, 1, 1))
    before = np.clip(waves + np.reshape((95, 120, 70), (3, 1, 1)), 1, 255).astype(np.uint8)
    after = before.copy()
    roof, wood = np.s_[30:70, 20:60], np.s_[30:70, 95:135]
    for place, colour in ((roof, (230, 200, 190)), (wood, (20, 45, 25))):
        after[:, *place] = np.clip(drawn.normal(0, 3, (3, 40, 40)) + np.reshape(colour, (3, 1, 1)), 1, 255)
    pair, shares, moves = (write("m.tif", before), write("n.tif", after)), {}, {}
    for only in ("any", "building"):
        files = run(engine, request(pair, "mini-change", parameters={"only": only}), tmp_path / only)
        with rasterio.open(files[1]) as found:
            changed = found.read(1) >= 125
        shares[only] = [changed[place].mean() for place in (roof, wood)]
        moves[only] = [(row["from"], row["to"]) for row in csv.DictReader(files[2].read_text().splitlines())]
    assert min(shares["any"]) > 0.7
    assert shares["building"][0] > 0.7
    assert shares["building"][1] < 0.25
    assert any("building" not in move for move in moves["any"])
    assert moves["building"][0][1] == "building"
    assert all((was == "building") != (now == "building") for was, now in moves["building"])
