"""Few-shot and cluster requests through the engine of this machine, on real files of vectors."""

import json
import threading

import pytest
import rasterio

from backend.errors import BadInput, Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.registry import Registry
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.prompts import Point, Prompts
from backend.protocol.source import Source
from tests.backend import fields


@pytest.fixture
def engine(tmp_path):
    fields.write_field(tmp_path / "e.tif", fields.vectors())
    fields.write_layer(tmp_path / "ex.gpkg", fields.clicks())
    return LocalEngine(Registry(), tmp_path / "m")


@pytest.fixture
def job(tmp_path):
    folder = tmp_path / "runs" / "job"
    folder.mkdir(parents=True)
    return folder


class Told(Step):
    def __init__(self):
        self.stopped, self.percents = threading.Event(), []
        super().__init__(lambda percent, *_: self.percents.append(percent), self.stopped, lambda: None, lambda _: None)


def source(path):
    return Source(path=str(path))


def done(engine, job, wanted):
    engine.check(wanted)
    return {file.name: file for file in engine.run(wanted, job, Told())}


def test_examples_of_a_layer(engine, job, tmp_path):
    others = {"examples": source(tmp_path / "ex.gpkg")}
    files = done(engine, job, JobRequest("fewshot", "", source(tmp_path / "e.tif"), others=others))
    wanted = ["classes.tif", "classes.tif.aux.xml", "classes.qml", "confidence.tif", "classifier.json", "run.json"]
    assert list(files) == wanted
    assert sorted(job.iterdir()) == sorted(files.values())
    with rasterio.open(files["classes.tif"]) as found:
        assert (found.read(1)[:-1] == fields.truth()[:-1]).mean() > 0.9


def test_prompts_and_then_what_they_taught_where_it_is_wanted(engine, job, tmp_path):
    prompts = tuple(
        Prompts(name, tuple(Point(point.x, point.y) for own, point in fields.clicks() if own == name))
        for name in fields.NAMES
    )
    first = done(engine, job, JobRequest("fewshot", "", source(tmp_path / "e.tif"), prompts=prompts))
    record = json.loads(first["run.json"].read_text())
    assert record["parameters"]["prompts"] == dict.fromkeys(fields.NAMES, 5)
    others, out = {"classifier": source(first["classifier.json"])}, Output(str(tmp_path / "again.tif"))
    request = JobRequest("fewshot", "", source(tmp_path / "e.tif"), others=others, output=out)
    second = done(engine, job, request)
    assert set(second) == {
        "again.tif", "again.tif.aux.xml", "again.qml", "again.confidence.tif", "again.run.json"
    }  # fmt: skip
    assert second["again.tif"].read_bytes() == first["classes.tif"].read_bytes()


def test_groups_with_colours(engine, job, tmp_path):
    parameters = {"clusters": 3, "colours": "pca"}
    files = done(engine, job, JobRequest("cluster", "", source(tmp_path / "e.tif"), parameters=parameters))
    assert list(files) == ["clusters.tif", "clusters.tif.aux.xml", "clusters.qml", "colours.tif", "run.json"]


@pytest.mark.parametrize(("task", "name"), [("cluster", "e.tiff"), ("search", "e.gpkg"), ("compare", "e.tiff")])
def test_a_job_leaves_what_tells_of_another_file(engine, job, tmp_path, task, name):
    (tmp_path / "e.run.json").write_text('{"outputs": [{"name": "e.tif"}]}')
    others = {"after": source(tmp_path / "e.tif")} if task == "compare" else {}
    prompts = (Prompts("1", (Point(*fields.place(3, 3)),)),) if task == "search" else ()
    out = Output(str(tmp_path / name))
    request = JobRequest(task, "", source(tmp_path / "e.tif"), others=others, prompts=prompts, output=out)
    with pytest.raises(BadInput, match=f"'e.run.json' tells of another file than '{name}'; choose another name."):
        done(engine, job, request)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("task", ["fewshot", "cluster"])
def test_a_dismissed_job_leaves_nothing(engine, job, tmp_path, task):
    others = {"examples": source(tmp_path / "ex.gpkg")} if task == "fewshot" else {}
    step = Told()
    step.stopped.set()
    with pytest.raises(Cancelled):
        list(engine.run(JobRequest(task, "", source(tmp_path / "e.tif"), others=others), job, step))
    assert list(job.iterdir()) == []


@pytest.mark.parametrize(
    ("task", "parameters", "sentence"),
    [
        ("fewshot", {}, "Give either examples (a layer, or prompts) or a saved classifier, one of them."),
        ("fewshot", {"colour": "red"}, "'colour' is no parameter here; there are column, layer, area."),
        ("fewshot", {"column": 3}, "column is 3; it must be text."),
        ("compare", {"k": 3}, "'k' is no parameter here; there are none."),
        ("cluster", {"clusters": 1}, "clusters is 1; it must be a whole number from 2 to 250."),
        ("cluster", {"clusters": 2.5}, "clusters is 2.5; it must be a whole number from 2 to 250."),
        ("cluster", {"method": "dbscan"}, "method is 'dbscan'; it must be one of kmeans, hdbscan."),
        ("cluster", {"k": 3}, "'k' is no parameter here; there are method, clusters, seed, colours."),
    ],
)
def test_bad_requests_never_become_jobs(engine, tmp_path, task, parameters, sentence):
    with pytest.raises(BadInput) as error:
        engine.check(JobRequest(task, "", source(tmp_path / "e.tif"), parameters=parameters))
    assert (error.value.code, error.value.detail) == (codes.PARAMETER_INVALID, sentence)
