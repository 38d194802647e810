"""Requests for synthetic imagery through the engine of this machine, with a tiny untrained network."""

import json
import threading
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import rasterio

from backend.errors import Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.catalog_generate import MINI_GENERATOR
from backend.models.registry import Registry
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from tests.backend.tasks.generate.conftest import Plain, picture, weights  # noqa: F401 (fixtures)

AREA = "500040,4999880,500080,4999920"
"""Of the picture: 20 x 20 pixels from column 20 and row 40 on."""


class Told(Step):
    def __init__(self, stop_at=101.0):
        self.stopped, self.percents, self.partials = threading.Event(), [], []
        super().__init__(
            lambda percent, *_: self._told(percent, stop_at), self.stopped, lambda: None, lambda _: None,
            show=self.partials.append,
        )  # fmt: skip

    def __call__(self, percent, message=""):
        self._reported = float("-inf")
        super().__call__(percent, message)

    def _told(self, percent, stop_at):
        self.percents.append(percent)
        if percent >= stop_at:
            self.stopped.set()


def load_plain(spec, folder, device):
    return Plain()


@pytest.fixture
def engine(weights, tmp_path):  # noqa: F811
    options = MappingProxyType({"cpu_only": True, "ships": str(weights)})
    mini = replace(MINI_GENERATOR, options=options)
    return LocalEngine(
        Registry().register(mini, replace(mini, id="plain", loader=f"{__name__}:load_plain")), tmp_path / "m"
    )


@pytest.fixture
def generate(engine, picture, tmp_path):  # noqa: F811
    """Return a function that runs a request and returns its files by name."""
    low = picture()

    def act(path=low, told=None, output="", job="job", model="plain", **parameters):
        folder = tmp_path / "runs" / job
        folder.mkdir(parents=True, exist_ok=True)
        wanted = JobRequest(
            "generate", model, Source(path=str(path)), parameters={"steps": 5, **parameters}, output=Output(output)
        )
        engine.check(wanted)
        return {file.name: file for file in engine.run(wanted, folder, told or Told())}

    return act


def pixels(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


def test_levels_lie_on_the_sources_grid_and_say_what_they_are(generate):
    told = Told()
    files = generate(told=told, area=AREA, scale="16", seed=7, model="")
    assert list(files) == ["generated_x4.tif", "generated.tif", "generated.run.json"]
    for name, side in (("generated_x4.tif", 80), ("generated.tif", 320)):
        with rasterio.open(files[name]) as dataset:
            assert (dataset.width, dataset.height, dataset.count) == (side, side, 3)
            assert tuple(dataset.bounds) == (500_040, 4_999_880, 500_080, 4_999_920)
            assert dataset.crs.to_epsg() == 32632
            assert dataset.tags()["AI_GENERATED"] == "YES"
            assert dataset.tags()["AI_SEED"] == "7"
            assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert "trainedAlgorithmicMedia" in dataset.tags(ns="xml:XMP")["xml:XMP"]
    record = json.loads(files["generated.run.json"].read_text())
    assert (record["seed"], record["synthetic"], record["model"]["id"]) == (7, True, "mini-generator")
    assert set(record["model"]["sha256"]) == {"condition.onnx", "denoise.onnx"}
    assert [output["name"] for output in record["outputs"]] == ["generated_x4.tif", "generated.tif"]
    assert told.percents == sorted(told.percents)
    last = told.partials[-1]
    assert last.done == last.total


def test_a_part_of_a_cascade_is_that_of_the_whole(generate):
    whole = generate(area="500030,4999870,500090,4999930", scale="16")
    part = generate(area=AREA, scale="16", job="part")
    assert np.array_equal(pixels(part["generated.tif"]), pixels(whole["generated.tif"])[:, 80:400, 80:400])
    assert np.array_equal(pixels(part["generated_x4.tif"]), pixels(whole["generated_x4.tif"])[:, 20:100, 20:100])


@pytest.mark.parametrize("stop_at", [30.0, 70.0, 97.0])
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(generate, tmp_path, stop_at):
    asked = {"area": "500100,4999500,500400,4999700", "scale": "4", "eta": 0.5}
    through = generate(**asked)["generated.tif"].read_bytes()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Cancelled):
        generate(told=Told(stop_at), output=str(out / "generated.tif"), job="stopped", **asked)
    assert list(out.iterdir()) == []
    told = Told()
    generate(told=told, output=str(out / "generated.tif"), job="again", **asked)
    assert (out / "generated.tif").read_bytes() == through
    assert sorted(path.name for path in out.iterdir()) == ["generated.run.json", "generated.tif"]
    assert list((tmp_path / "runs" / ".unfinished").iterdir()) == []
