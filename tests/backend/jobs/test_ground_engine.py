"""Ground requests through the engine of this machine, with a model of the tests' own in its registry."""

import threading
from pathlib import Path
from types import MappingProxyType

import pytest

from backend.errors import BadInput, Cancelled, Unavailable
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from tests.backend.tasks.ground.conftest import Colours, scene  # noqa: F401 (a fixture)


class Deaf(Colours):
    def phrases(self, phrases):
        raise FileNotFoundError("text.onnx")


def load_colours(spec, folder, device):
    return Deaf() if spec.id == "deaf" else Colours()


def spec(name, tasks=("ground",)):
    loader = f"{__name__}:load_colours"
    options = MappingProxyType({"cpu_only": True})
    return ModelSpec(name, name.title(), tasks, loader, CORE, 64, "fast", 1_000_000, options=options)


@pytest.fixture
def engine(tmp_path):
    return LocalEngine(Registry().register(spec("colours"), spec("deaf"), spec("other", ("segment",))), tmp_path / "m")


@pytest.fixture
def step():
    return Told()


class Told(Step):
    def __init__(self):
        self.stopped, self.partials, self.notices = threading.Event(), [], []
        super().__init__(lambda *_: None, self.stopped, lambda: None, self.notices.append, show=self.partials.append)


def request(path, model="colours", **wanted):
    return JobRequest("ground", model, Source(path=str(path)), parameters={"phrases": "red", **wanted})


def test_a_job_leaves_its_files_in_its_folder_and_nothing_beside(engine, step, scene, tmp_path):  # noqa: F811
    job = tmp_path / "runs" / "job"
    job.mkdir(parents=True)
    wanted = request(scene([((40, 30, 90, 70), "red")]), granularity="pixel")
    engine.check(wanted)
    files = list(engine.run(wanted, job, step))
    names = ["instances.gpkg", "classes.tif", "classes.tif.aux.xml", "scores.tif", "best.tif", "shares.csv"]
    assert [file.name for file in files] == [*names, "answer.json", "run.json"]
    assert sorted(job.iterdir()) == sorted(files)
    assert list((tmp_path / "runs" / ".unfinished").iterdir()) == []
    assert step.partials[-1].done == step.partials[-1].total == 1


def test_a_dismissed_job_keeps_what_it_shows(engine, step, scene, tmp_path):  # noqa: F811
    job = tmp_path / "runs" / "job"
    job.mkdir(parents=True)
    step._show = lambda partial: (step.partials.append(partial), step.stopped.set())
    with pytest.raises(Cancelled):
        engine.run(request(scene([])), job, step)
    assert Path(step.partials[-1].path).exists()
    assert list(job.iterdir()) == []


def test_output_beside_a_geopackage_takes_its_name(engine, step, scene, tmp_path):  # noqa: F811
    import dataclasses

    from backend.protocol.jobs import Output

    job = tmp_path / "runs" / "job"
    job.mkdir(parents=True)
    wanted = request(scene([]), answer="classmap")
    wanted = dataclasses.replace(wanted, output=Output(path=str(tmp_path / "lakes.gpkg")))
    names = {file.name for file in engine.run(wanted, job, step)}
    assert {"lakes.classes.tif", "lakes.answer.json", "lakes.run.json"} <= names
    assert "lakes.gpkg" not in names
    assert list(job.iterdir()) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"phrases": " "}, codes.PROMPT_INVALID),
        ({"model": "other"}, codes.MODEL_UNKNOWN),
        ({"answer": "poem"}, codes.PARAMETER_INVALID),
    ],
)
def test_what_cannot_be_is_refused_before_it_is_a_job(engine, tmp_path, wanted, code):
    with pytest.raises(BadInput) as raised:
        engine.check(request(tmp_path / "a.tif", **wanted))
    assert raised.value.code == code


@pytest.mark.parametrize("mini_too", [False, True])
def test_a_model_without_its_text_tower_says_so(engine, step, scene, tmp_path, monkeypatch, mini_too):  # noqa: F811
    if mini_too:
        monkeypatch.setattr("backend.models.mini_graphs.FOLDER", tmp_path)
    with pytest.raises(Unavailable) as raised:
        engine.run(request(scene([]), "deaf"), tmp_path, step)
    assert raised.value.code == codes.MODEL_NOT_INSTALLED
    assert "text tower" in raised.value.detail
