"""Requests for synthetic imagery through the engine of this machine, with a tiny untrained network."""

import json
import threading
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.errors import BadInput, Cancelled, Unavailable
from backend.geo import room
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models.catalog_generate import MINI_GENERATOR
from backend.models.registry import Registry
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source, Stretch
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
            "generate", model, path if isinstance(path, Source) else Source(path=str(path)),
            parameters={"steps": 5, **parameters}, output=Output(output),
        )  # fmt: skip
        engine.check(wanted)
        return {file.name: file for file in engine.run(wanted, folder, told or Told())}

    return act


def pixels(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


def test_levels_lie_on_the_sources_grid_and_say_what_they_are(generate):
    told = Told()
    files = generate(told=told, area=AREA, scale="16", seed=7, model="")
    assert list(files) == ["generated_x4.tif", "generated.tif", "generated.item.json", "generated.run.json"]
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
    item = json.loads(files["generated.item.json"].read_text())
    assert item["properties"]["synthetic"]
    assert item["properties"]["proj:shape"] == [320, 320]
    assert item["assets"]["generated"]["file:checksum"] == "1220" + record["outputs"][1]["sha256"]
    assert item["assets"]["generated"]["file:size"] == files["generated.tif"].stat().st_size
    assert told.percents == sorted(told.percents)
    last = told.partials[-1]
    assert last.done == last.total


def test_what_is_finished_so_far_keeps_its_bands_until_the_end(generate):
    bands = set()

    class Watching(Told):
        def _told(self, percent, stop_at):
            if self.partials:
                with rasterio.open(self.partials[-1].path) as dataset:
                    bands.add(dataset.count)

    generate(told=Watching(), area=AREA, scale="16")
    assert bands == {4}  # a viewer keeps the file open and its bands in mind


@pytest.mark.parametrize("merge", ["crop", "average"])
def test_a_part_of_a_cascade_is_that_of_the_whole(generate, merge):
    whole = generate(area="500030,4999870,500090,4999930", scale="16", merge=merge)
    part = generate(area=AREA, scale="16", merge=merge, job="part")
    assert np.array_equal(pixels(part["generated.tif"]), pixels(whole["generated.tif"])[:, 80:400, 80:400])
    assert np.array_equal(pixels(part["generated_x4.tif"]), pixels(whole["generated_x4.tif"])[:, 20:100, 20:100])


@pytest.mark.parametrize("stop_at", [30.0, 70.0, 97.0])
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(generate, tmp_path, stop_at):
    asked = {"area": "500100,4999560,500310,4999600", "scale": "4", "eta": 0.5}
    through = generate(**asked)["generated.tif"].read_bytes()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Cancelled):
        generate(told=Told(stop_at), output=str(out / "generated.tif"), job="stopped", **asked)
    assert list(out.iterdir()) == []
    told = Told()
    generate(told=told, output=str(out / "generated.tif"), job="again", **asked)
    assert (out / "generated.tif").read_bytes() == through
    assert sorted(path.name for path in out.iterdir()) == ["generated.item.json", "generated.run.json", "generated.tif"]
    assert list((tmp_path / "runs" / ".unfinished").iterdir()) == []


@pytest.mark.parametrize("kind", ["mbtiles", "xyz"])
def test_tiles_of_web_maps(generate, tmp_path, kind):
    files = generate(area=AREA, tiles=kind)
    tiles = {"mbtiles": "generated.mbtiles", "xyz": "tiles.json"}[kind]
    assert list(files) == ["generated.tif", tiles, "generated.item.json", "generated.run.json"]
    assert files[tiles].stat().st_size
    told = json.loads(files["generated.run.json"].read_text())["outputs"]
    assert told[1]["name"] == {"mbtiles": "generated.mbtiles", "xyz": "generated_tiles"}[kind]


def test_the_blue_marble_needs_no_source(engine, tmp_path):
    (tmp_path / "runs" / "job").mkdir(parents=True)
    wanted = JobRequest("generate", "plain", parameters={"base": "earth", "area": "10,46,12,47", "steps": 5})
    engine.check(wanted)
    *files, _, record = engine.run(wanted, tmp_path / "runs" / "job", Told())
    with rasterio.open(files[0]) as dataset:
        assert dataset.crs.to_epsg() == 4326
        assert (dataset.width, dataset.height) == (60, 32)
        assert dataset.bounds.left <= 10 < 12 <= dataset.bounds.right
    assert json.loads(record.read_text())["source"]["name"] == "Blue Marble"


def test_holes_are_transparent_and_a_polygon_too(generate):
    found = pixels(generate(area="500190,4999780,500260,4999810")["generated.tif"])  # columns 95 to 130, rows 95 to 110
    hole = np.zeros((60, 140), bool)
    hole[20:, 20:] = True
    assert np.array_equal(found[3] == 0, hole)
    triangle = "POLYGON((500040 4999880, 500080 4999880, 500040 4999920, 500040 4999880))"
    files = generate(area=triangle, scale="16", job="triangle")
    shown = pixels(files["generated.tif"])[3] > 0
    assert 0.45 < shown.mean() < 0.6
    assert np.array_equal(shown, shown[::16, ::16].repeat(16, 0).repeat(16, 1))
    whole = pixels(generate(area=AREA, scale="16", job="whole")["generated.tif"])
    assert np.array_equal(pixels(files["generated.tif"])[:3, shown], whole[:, shown])


@pytest.mark.parametrize("turn", [30, 180])
def test_a_turned_grid_stays_turned(generate, picture, turn):  # noqa: F811
    transform = Affine(2, 0, 500_000, 0, -2, 5_000_000) @ Affine.rotation(turn)
    path = picture("turned.tif", side=60, transform=transform, hole=False)
    with rasterio.open(generate(path)["generated.tif"]) as dataset:
        assert dataset.transform.almost_equals(transform @ Affine.scale(0.25), 1e-6)
        assert (dataset.width, dataset.count) == (240, 3)


def test_sixteen_bits_are_seen_through_the_layers_stretch(generate, picture):  # noqa: F811
    deep = picture("deep.tif", side=60, dtype="uint16", scale=20, hole=False)
    plain = picture("plain.tif", side=60, hole=False)
    stretch = Source(path=str(deep), stretch=(Stretch(0, 255 * 20),))
    assert np.array_equal(pixels(generate(stretch)["generated.tif"]), pixels(generate(plain, job="8")["generated.tif"]))


def test_without_georeference_the_pixels_size_is_to_be_given(generate, picture):  # noqa: F811
    path = picture("plain.tif", side=60, crs=None, hole=False)
    with pytest.raises(BadInput) as raised:
        generate(path)
    assert raised.value.code == codes.PARAMETER_INVALID
    assert "give metres" in raised.value.detail
    with rasterio.open(generate(path, metres=2.0)["generated.tif"]) as dataset:
        assert dataset.transform.is_identity
        assert (dataset.width, dataset.crs) == (240, None)


def test_what_has_no_room_is_refused_before_it_is_begun(generate, monkeypatch, tmp_path):
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: SimpleNamespace(free=100_000_000))
    with pytest.raises(Unavailable) as raised:
        generate(scale="16")
    assert raised.value.code == codes.DISK_FULL
    assert "195.8 MB" in raised.value.detail
    assert "100.0 MB are free" in raised.value.detail
    generate(area=AREA)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"scale": "5"}, codes.PARAMETER_INVALID),
        ({"steps": 4}, codes.PARAMETER_INVALID),
        ({"seed": -1}, codes.PARAMETER_INVALID),
        ({"seed": 0.5}, codes.PARAMETER_INVALID),
        ({"eta": 2}, codes.PARAMETER_INVALID),
        ({"sed": 1}, codes.PARAMETER_INVALID),
        ({"base": "earth"}, codes.PARAMETER_INVALID),
        ({"area": "0,0,1,1"}, codes.PROMPT_OUTSIDE),
        ({"area": "500210,4999785,500260,4999795"}, codes.NO_VALID_PIXELS),
        ({"output": "/nowhere/g.tif"}, codes.OUTPUT_UNWRITABLE),
    ],
)
def test_what_cannot_be_is_said(generate, wanted, code):
    with pytest.raises(BadInput) as raised:
        generate(**wanted)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("parameters", "said"),
    [({"step": 5}, "'step' is no parameter here; there are base, "), ({"area": 5}, "area is 5; it must be text.")],
)
def test_parameters_that_nobody_knows_never_become_jobs(engine, picture, parameters, said):  # noqa: F811
    with pytest.raises(BadInput, match=said):
        engine.check(JobRequest("generate", "plain", Source(path=str(picture())), parameters=parameters))


def test_names_of_others_are_not_taken(generate, picture, tmp_path):  # noqa: F811
    path = picture()
    for output, named in ((path, "what is read"), (tmp_path / "g.tif", "another run's result")):
        (tmp_path / "g_x4.run.json").write_text("{}")
        with pytest.raises(BadInput, match=named):
            generate(path, area=AREA, scale="16", output=str(output))
    assert not (tmp_path / "g.tif").exists()
