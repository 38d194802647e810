"""Requests for places through the engine of this machine, with the encoder that ships."""

import json
import threading

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput, Cancelled
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.catalog import BUILT_IN
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from backend.tasks.vectors.open import open_vectors

EUROPE = "0,40,16,50"


@pytest.fixture
def engine(tmp_path):
    drawn = np.random.default_rng(0)
    x, y = drawn.uniform(-180, 180, 60), drawn.uniform(-60, 70, 60)
    lines = [f"s{row},{lon:.4f},{lat:.4f},{abs(lat):.3f}" for row, (lon, lat) in enumerate(zip(x, y, strict=True))]
    (tmp_path / "p.csv").write_text("\n".join(["id,x,y,far", *lines]), encoding="utf-8")
    return LocalEngine(BUILT_IN, tmp_path / "m")


@pytest.fixture
def job(tmp_path):
    folder = tmp_path / "runs" / "job"
    folder.mkdir(parents=True)
    return folder


class Told(Step):
    def __init__(self, stop_at=101.0):
        self.stopped, self.percents = threading.Event(), []
        super().__init__(lambda percent, *_: self._told(percent, stop_at), self.stopped, lambda: None, lambda _: None)

    def _told(self, percent, stop_at):
        self.percents.append(percent)
        if percent >= stop_at:
            self.stopped.set()


def done(engine, job, told=None, points=None, output="", **parameters):
    others = {"points": Source(path=str(points))} if points else {}
    wanted = JobRequest("locate", others=others, parameters=parameters, output=Output(output))
    engine.check(wanted)
    return {file.name: file for file in engine.run(wanted, job, told or Told())}


def test_a_raster_of_vectors_needs_no_source(engine, job):
    told = Told()
    files = done(engine, job, told, extent=EUROPE, int8=True)
    assert list(files) == ["places.tif", "places.preview.tif", "places.item.json", "places.run.json"]
    assert max(told.percents) > 50
    with open_vectors(files["places.tif"]) as field:
        assert (field.identity.model, field.grid.width, field.grid.height) == ("mini-places", 16, 10)
        assert field.grid.crs
    assert json.loads(files["places.item.json"].read_text())["bbox"] == [0, 40, 16, 50]


def test_a_vector_a_point_with_the_points_columns(engine, job, tmp_path):
    files = done(engine, job, points=tmp_path / "p.csv", lon="x", lat="y")
    table = open_vectors(files["places.parquet"])
    assert sorted(table.ids) == sorted(f"s{row}" for row in range(60))
    assert table.vectors.shape == (60, 256)


def test_a_column_is_predicted_where_the_output_says(engine, job, tmp_path):
    out = tmp_path / "far.tif"
    asked = {"lon": "x", "lat": "y", "predict": "far", "estimator": "knn", "extent": EUROPE, "step": 2.0}
    files = done(engine, job, points=tmp_path / "p.csv", output=str(out), **asked)
    assert files["far.tif"] == out
    record = json.loads(files["far.run.json"].read_text())
    assert record["score"]["estimator"] == "knn"
    assert {"random", "blocks"} <= record["score"].keys()
    with rasterio.open(out) as found:
        assert found.shape == (5, 8)


def test_another_model_with_its_own_parameter(engine, job):
    wanted = JobRequest("locate", "harmonics", parameters={"extent": EUROPE, "degrees": 4})
    engine.check(wanted)
    path, *_ = engine.run(wanted, job, Told())
    with rasterio.open(path) as found:
        assert found.count == 16


def test_a_cancelled_job_leaves_nothing(engine, job):
    with pytest.raises(Cancelled):
        done(engine, job, Told(stop_at=1), extent="-180,-90,180,90")
    assert list(job.iterdir()) == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"extent": 7}, "extent is 7; it must be text."),
        ({"extent": "0,0,9"}, "four numbers"),
        ({"extent": "0,0,9,91"}, "leaves the globe"),
        ({"extent": EUROPE, "step": 0}, "step is 0; it must be a number from 1e-06 to 90"),
        ({"extent": EUROPE, "steps": 1}, "'steps' is no parameter here"),
        ({"extent": EUROPE, "degrees": 4}, "'degrees' is no parameter here"),
        ({"extent": EUROPE, "like": "5"}, "two numbers"),
        ({"extent": EUROPE, "like": "5,95"}, "latitude 95, beyond 90"),
        ({}, "Give either points or an extent."),
    ],
)
def test_what_cannot_be_is_said_and_leaves_nothing(engine, job, parameters, said):
    with pytest.raises(BadInput, match=said):
        done(engine, job, **parameters)
    assert list(job.iterdir()) == []


@pytest.mark.parametrize(
    ("model", "parameters", "said"),
    [
        ("", {"degrees": 4}, r"'degrees' is no parameter here; there are step, .*, layer\.$"),
        ("harmonics", {"degree": 4}, r"'degree' is no parameter here; there are step, .*, degrees, .*, layer\.$"),
        ("harmonics", {"degrees": 41}, "degrees is 41; it must be a whole number from 1 to 40."),
    ],
)
def test_parameters_that_the_model_lacks_never_become_jobs(engine, model, parameters, said):
    with pytest.raises(BadInput, match=said):
        engine.check(JobRequest("locate", model, parameters={"extent": EUROPE, **parameters}))


def test_a_file_nobody_knows_is_refused(engine):
    wanted = JobRequest("locate", "", others={"place": Source(path="/p.csv")}, parameters={"extent": EUROPE})
    with pytest.raises(BadInput, match="knows no file 'place'; name points, at, picture"):
        engine.check(wanted)
