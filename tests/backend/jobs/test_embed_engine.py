"""Embed and compare requests through the engine of this machine: models of bands, models that learn from the source."""

import hashlib
import json
import threading
from types import MappingProxyType

import numpy as np
import pyarrow.parquet
import pytest
import rasterio

from backend.errors import BadInput, Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.protocol.capabilities import Parameter
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from backend.tasks.vectors.open import open_vectors


class Optical:
    """Vectors are the means of the bands it wants, in blocks of 8 pixels."""

    bands = ("B02", "B04", "B08", "B11")
    input_size, stride, width, dense_width = 64, 8, 4, 4

    def embed(self, image, valid=None):
        vector = image.mean((1, 2)) + 1
        return vector / np.linalg.norm(vector), np.empty(0, np.float32)

    def dense(self, image, valid):
        rows, columns = (-(-side // 8) for side in valid.shape)
        edges = (0, 0), (0, rows * 8 - image.shape[1]), (0, columns * 8 - image.shape[2])
        found = np.pad(np.nan_to_num(image), edges, "edge").reshape(4, rows, 8, columns, 8).mean((2, 4)) + 1
        return found / np.linalg.norm(found, axis=0)

    def close(self):
        pass


class Learner:
    """Learns the mean of what it is shown; then vectors are differences from that."""

    bands = ("*",)
    input_size, sampled = 32, 9
    fits = 0

    def fit(self, windows, parameters):
        Learner.fits += 1
        seen = [image.mean((1, 2)) for image, _ in windows]
        assert 0 < len(seen) <= self.sampled
        means = (np.mean(seen, axis=0) + parameters["shift"]).tolist()
        return json.dumps({"means": means, "block": parameters["block"] or 8}).encode()

    def fitted(self, state):
        found = Optical()
        told = json.loads(state)
        found.bands, found.stride = ("*",), told["block"]
        plain, shift = Optical.dense, np.array(told["means"], np.float32)[:, None, None]
        found.dense = lambda image, valid: plain(found, image - shift, valid)
        return found

    def close(self):
        pass


def load(spec, folder, device):
    return {"optical": Optical, "learner": Learner, "chips": type("Chips", (), {
        "bands": (), "width": 3, "input_size": 64, "embed": Optical.embed, "close": Optical.close,
    })}[spec.id]()  # fmt: skip


def spec(name, *parameters):
    loader = f"{__name__}:load"
    options = MappingProxyType({"cpu_only": True})
    return ModelSpec(
        name, name.title(), ("embed",), loader, CORE, 64, "fast", 1_000_000, parameters=parameters, options=options
    )


@pytest.fixture
def engine(tmp_path):
    shift = Parameter("shift", "number", 0.0, "Shift", 0, 10)
    return LocalEngine(Registry().register(spec("optical"), spec("learner", shift), spec("chips")), tmp_path / "m")


class Told(Step):
    def __init__(self):
        self.stopped, self.partials, self.notices = threading.Event(), [], []
        super().__init__(lambda *_: None, self.stopped, lambda: None, self.notices.append, show=self.partials.append)


@pytest.fixture
def scene(tmp_path):
    """Write noise in four bands called as given."""

    def write(name="scene.tif", names=("B02", "B04", "B08", "B11"), dtype="uint16", side=128):
        values = np.random.default_rng(3).integers(1, 4000, (len(names), side, side)).astype(dtype)
        path = tmp_path / name
        where = rasterio.transform.from_origin(500000, 4000000, 10, 10)
        with rasterio.open(
            path, "w", driver="GTiff", width=side, height=side, count=len(names), dtype=dtype, crs="EPSG:32645",
            transform=where,
        ) as target:  # fmt: skip
            target.write(values)
            target.descriptions = names
        return path

    return write


@pytest.fixture
def run(engine, tmp_path):
    """Run a request in a folder of its own; return its files, by name, and what it told."""

    def go(path, model, others=None, told=None, task="embed", out="", **parameters):
        number = len(list((tmp_path / "runs").glob("job*"))) if (tmp_path / "runs").exists() else 0
        folder = tmp_path / "runs" / f"job{number}"
        folder.mkdir(parents=True)
        told = told or Told()
        files = {name: Source(path=str(other)) for name, other in (others or {}).items()}
        request = JobRequest(
            task, model, Source(path=str(path)), others=files, parameters=parameters, output=Output(out)
        )
        engine.check(request)
        return {file.name: file for file in engine.run(request, folder, told)}, told

    return go


def test_bands_are_found_by_name_and_what_lacks_is_said(run, scene):
    files, told = run(scene(), "optical")
    beside = ["embeddings.preview.tif", "embeddings.item.json", "embeddings.run.json"]
    assert list(files) == ["embeddings.tif", *beside]
    assert not told.notices
    other, told = run(scene("other.tif", ("B11", "B08", "B04")), "optical", block=16)
    assert "lacks the bands B02" in told.notices[0]
    with rasterio.open(other["embeddings.tif"]) as found:
        assert (found.count, found.width) == (4, 8)
        assert "TOPOSCOPE_STRETCH" not in found.tags()
    source = json.loads(other["embeddings.run.json"].read_text())["source"]
    places = [("B02", 0), ("B04", 3), ("B08", 2), ("B11", 1)]
    assert source["named_bands"] == [{"name": name, "band": band} for name, band in places]


def test_the_same_bands_in_another_order_give_the_same_vectors(run, scene, tmp_path):
    path = scene()
    turned = tmp_path / "turned.tif"
    with rasterio.open(path) as source, rasterio.open(turned, "w", **source.profile) as target:
        target.write(source.read()[::-1])
    files, _ = run(path, "optical")
    others, _ = run(turned, "optical", bands="B11;B08;B04;B02")
    one, other = (files["embeddings.tif"], others["embeddings.tif"])
    with rasterio.open(one) as a, rasterio.open(other) as b:
        assert np.array_equal(a.read(), b.read())


def test_chips_of_bands(run, scene):
    files, _ = run(scene(), "optical", kind="chips", size=32)
    assert pyarrow.parquet.read_table(files["chips.parquet"]).num_rows == 16


def test_a_model_learns_once_and_what_it_learnt_serves_another_date(run, scene):
    Learner.fits = 0
    files, _ = run(scene(), "learner", shift=2.0)
    state = files["embeddings.fitted"]
    weights = open_vectors(files["embeddings.tif"]).identity.weights
    assert weights == hashlib.sha256(state.read_bytes()).hexdigest()
    later = scene("later.tif")
    others, _ = run(later, "learner", {"fitted": state})
    assert Learner.fits == 1
    assert open_vectors(others["embeddings.tif"]).identity.weights == weights
    change, _ = run(files["embeddings.tif"], "", {"after": others["embeddings.tif"]}, task="compare")
    with rasterio.open(change["change.tif"]) as found:
        assert found.read(1).max() < 1e-5
    assert others["embeddings.fitted"].read_bytes() == state.read_bytes()


@pytest.mark.parametrize(
    ("model", "other", "said"),
    [
        ("optical", "scene.tif", "learns nothing"),
        ("learner", "none.fitted", "no file"),
    ],
)
def test_what_was_not_learnt(run, scene, tmp_path, model, other, said):
    path = scene()
    with pytest.raises(BadInput, match=said):
        run(path, model, {"fitted": tmp_path / other})
    with pytest.raises(BadInput, match="'shape'"):
        run(path, model, {"shape": path})


def test_a_stopped_model_has_not_to_learn_again(run, scene):
    Learner.fits = 0
    told = Told()
    told._show = lambda partial: told.stopped.set()
    path = scene()
    with pytest.raises(Cancelled):
        run(path, "learner", told=told)
    run(path, "learner")
    assert Learner.fits == 1


@pytest.mark.parametrize(
    ("model", "wanted", "said"),
    [
        ("optical", {"bands": "B02;B04"}, "4 bands and 2 names"),
        ("optical", {"bands": "B02;B04;B08;pink"}, "'pink'"),
        ("optical", {"block": 12}, "multiple"),
        ("chips", {}, "no vectors of single places"),
        ("chips", {"kind": "chips", "gain": 2.0}, "leave bands, gain"),
        ("learner", {"shift": 11.0}, "shift is 11"),
        ("learner", {"colour": 1}, "'colour'"),
    ],
)
def test_what_a_model_cannot_do(run, scene, model, wanted, said):
    with pytest.raises(BadInput, match=said):
        run(scene(), model, **wanted)


@pytest.mark.parametrize(
    ("model", "parameters", "said"),
    [
        ("optical", {"shift": 1}, "'shift' is no parameter here; there are kind, .*, offset, area, bands."),
        ("learner", {"shifts": 1}, "'shifts' is no parameter here; there are kind, .*, offset, shift, area, bands."),
        ("learner", {"shift": 11}, "shift is 11; it must be a number from 0 to 10."),
        ("optical", {"area": 5}, "area is 5; it must be text."),
    ],
)
def test_parameters_that_the_model_lacks_never_become_jobs(engine, scene, model, parameters, said):
    with pytest.raises(BadInput, match=said):
        engine.check(JobRequest("embed", model, Source(path=str(scene())), parameters=parameters))


def test_a_picture_of_other_bands_and_of_unknown_units_is_refused(run, scene):
    with pytest.raises(BadInput, match="no picture of B02"):
        run(scene("radar.tif", ("VV", "VH", "VV ", "VH ")), "optical")
    with pytest.raises(BadInput, match="gain 10000"):
        run(scene("float.tif", dtype="float32"), "optical")
    run(scene("float2.tif", dtype="float32"), "optical", gain=1.0)


def test_results_go_where_the_output_says(run, scene, tmp_path):
    run(scene(), "optical", out=str(tmp_path / "mine.tif"))
    names = sorted(file.name for file in tmp_path.glob("mine.*"))
    assert names == ["mine.item.json", "mine.preview.tif", "mine.run.json", "mine.tif"]
    with pytest.raises(BadInput, match=r"ends in \.parquet"):
        run(scene(), "optical", out=str(tmp_path / "mine.tif"), kind="chips")
