"""Upsampling, bias removal and decoders as a request switches them, through the engine of this machine."""

import json
import threading
from types import MappingProxyType

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.models.switches import from_score
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from tests.backend.tasks.ground.conftest import Colours, scene  # noqa: F401 (a fixture)


class Doubling:
    """Upsamples by 2 and keeps the guide: each fine feature is its pixel's colour where that is near the cell's."""

    factor = 2

    def upsample(self, features, image):
        assert features.shape[1:] == tuple(-(-side // 2) for side in image.shape[:2])
        return image.transpose(2, 0, 1).astype(np.float32)

    def close(self):
        pass


class Green(Colours):
    """A second decoder: whatever is asked is green."""

    def scores(self, dense, phrases):
        return super().scores(dense, np.repeat(self.phrases(["green"]), len(phrases), 0))


class Two(Colours):
    def __init__(self):
        super().__init__()
        self.pixel = Green()


class Finder(Colours):
    def detect(self, image, valid, phrases):
        return []


MODELS = {"colours": Colours, "two": Two, "finder": Finder, "doubling": Doubling}


def load_model(spec, folder, device):
    return MODELS[spec.id]()


def spec(name, **more):
    options = MappingProxyType({"cpu_only": True, "upsampler": "doubling" if name == "colours" else ""})
    tasks = ("upsample",) if name == "doubling" else ("ground", "segment")
    loader = f"{__name__}:load_model"
    return ModelSpec(name, name.title(), tasks, loader, CORE, 64, "fast", 1_000_000, options=options, **more)


@pytest.fixture
def run(tmp_path):
    strict = {"parameters": (from_score(0.97),)}
    registry = Registry().register(spec("colours"), spec("two", **strict), spec("finder"), spec("doubling"))
    engine = LocalEngine(registry, tmp_path / "models")

    def go(path, name, model="colours", **wanted):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        step = Step(lambda *_: None, threading.Event(), lambda: None, lambda _: None)
        values = {"phrases": "red", "answer": "classmap", "granularity": "pixel", **wanted}
        request = JobRequest("ground", model, Source(path=str(path)), parameters=values)
        engine.check(request)
        engine.run(request, folder, step)
        return folder

    return go


def read(folder, name):
    with rasterio.open(folder / name) as dataset:
        return dataset.read()


def test_upsampled_features_follow_what_cells_blur(scene, run):  # noqa: F811
    path = scene([((41, 31, 91, 71), "red")])
    truth = np.zeros((220, 300), bool)
    truth[31:71, 41:91] = True
    plain, sharp = (read(run(path, str(on), upsample=on), "classes.tif")[0] > 0 for on in (False, True))
    assert (sharp != truth).sum() < 0.6 * (plain != truth).sum()


@pytest.mark.parametrize("wanted", [{"upsample": True}, {"remove_bias": True}, {"upsample": True, "remove_bias": True}])
def test_where_the_area_starts_changes_nothing_with_switches_on(scene, run, wanted):  # noqa: F811
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")])
    whole = read(run(path, "whole", **wanted), "best.tif")
    part = read(run(path, "part", area="500030.5,3999920.5,500113,3999973.5", **wanted), "best.tif")
    assert (part == whole[:, 53 : 53 + part.shape[1], 61 : 61 + part.shape[2]]).all()


def test_bias_is_that_of_the_whole_source(scene, run):  # noqa: F811
    path = scene([((0, 0, 300, 200), "red"), ((20, 205, 40, 218), "green")])
    plain, less = (read(run(path, str(on), remove_bias=on), "scores.tif")[0].astype(int) for on in (False, True))
    assert (less <= plain).all()
    assert (less[204:, 100:] < plain[204:, 100:]).all()
    below = read(run(path, "below", remove_bias=True, area="500000,3999890,500150,3999898"), "scores.tif")[0]
    assert (below == less[204:]).all()


def test_bias_is_the_same_in_every_tile(scene, run):  # noqa: F811
    path = scene([((0, 0, 150, 220), "red")])
    grey = read(run(path, "less", remove_bias=True), "scores.tif")[0, 20:200, 170:290].astype(int)
    assert np.ptp(grey) <= 2


def test_a_decoder_of_its_own_answers_where_the_model_has_one(scene, run):  # noqa: F811
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")])
    found = {name: read(run(path, name, "two", decoder=name), "classes.tif")[0] for name in ("auto", "pixel", "text")}
    assert (found["auto"] == found["pixel"]).all()
    assert found["auto"][140, 190] == 1 > found["auto"][50, 60]
    assert found["text"][50, 60] == 1 > found["text"][140, 190]
    biased = read(run(path, "biased", "two", remove_bias=True), "classes.tif")[0]
    assert biased[50, 60] == 1 > biased[140, 190]


@pytest.mark.parametrize(
    ("place", "decoder"),
    [({"metres": 0.1}, "text"), ({"metres": 0.3}, "pixel"), ({"metres": 10}, "text"), ({"crs": None}, "text")],
)
def test_the_decoder_answers_at_the_resolutions_it_was_taught_with(scene, run, place, decoder):  # noqa: F811
    folder = run(scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")], **place), "run", "two")
    assert json.loads((folder / "run.json").read_text())["model"]["decoder"] == decoder
    assert (read(folder, "classes.tif")[0, 50, 60] == 1) == (decoder == "text")


def test_an_example_is_compared_by_the_features_of_text(scene, run):  # noqa: F811
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")])
    example = "POLYGON ((500025 3999980, 500035 3999980, 500035 3999970, 500025 3999970, 500025 3999980))"
    found = {
        name: read(run(path, name, "two", decoder=name, example=example), "scores.tif") for name in ("auto", "pixel")
    }
    assert found["auto"][0, 50, 60] > found["auto"][0, 140, 190]
    assert found["pixel"][0, 50, 60] < found["pixel"][0, 140, 190]


def test_a_model_has_a_threshold_of_its_own(scene, run):  # noqa: F811
    path = scene([((40, 30, 90, 70), "red")])
    own, said = (run(path, name, "two", **more) for name, more in (("own", {}), ("said", {"threshold": 0.2})))
    values = [json.loads((folder / "answer.json").read_text()).get("threshold", 0.5) for folder in (own, said)]
    assert values == [0.97, 0.2]


@pytest.mark.parametrize(
    ("model", "wanted", "word"),
    [
        ("colours", {"decoder": "pixel"}, "has no pixel decoder"),
        ("two", {"decoder": "pixel", "upsample": True}, "takes no upsample"),
        ("two", {"upsample": True}, "no upsampler for the features of Two"),
        ("finder", {"remove_bias": True}, "has no features to sharpen"),
        ("colours", {"finest": True}, "works at one resolution only"),
        ("colours", {"upsample": "yes"}, "upsample"),
        ("colours", {"decoder": "magic"}, "decoder"),
    ],
)
def test_what_a_model_does_not_have_is_said_in_one_sentence(scene, run, model, wanted, word):  # noqa: F811
    with pytest.raises(BadInput, match=word) as raised:
        run(scene([]), "refused", model, **wanted)
    assert raised.value.code == codes.PARAMETER_INVALID
