import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from backend.errors import BadInput, Cancelled
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.prompts import Box, Point, Prompts
from backend.protocol.source import Source
from backend.tasks.segment import run_segment

MODEL = {"id": "flood", "revision": "r1", "sha256": {"w": "00"}, "licence": "MIT", "device": "cpu", "dtype": "float32"}


@pytest.fixture
def scene():
    mask = np.zeros((200, 200), bool)
    mask[20:40, 20:40] = mask[100:150, 100:130] = True
    return mask


def prompt(name, x, y):
    return Prompts(name, points=(Point(x, y),), pixel=True)


@pytest.fixture
def run(picture, scene, flood, tmp_path):
    path = picture(scene)
    folder = tmp_path / "run"
    folder.mkdir()

    def start(*prompts, progress=lambda percent, message: None, masks=None, output="", notices=None, **parameters):
        source = Source(path=str(path), name="orthophoto")
        asked = {"prompts": prompts, "parameters": parameters, "output": Output(output)}
        request = JobRequest("segment", "flood", source, **asked)
        notify = (notices if notices is not None else []).append
        with SourceReader(source, path) as reader:
            return run_segment(request, flood(), MODEL, reader, folder, progress, masks, notify=notify)

    start.folder = folder
    return start


def code(call):
    with pytest.raises(BadInput) as error:
        call()
    return error.value.code, error.value.detail


def test_many_prompts_to_a_geopackage_masks_and_a_record(run, scene, tmp_path):
    masks = tmp_path / "masks"
    steps = []
    boxed = Prompts("b", box=Box(90, 90, 140, 160), pixel=True)
    files = run(prompt("a", 30, 30), boxed, masks=masks, outline="exact", progress=lambda *step: steps.append(step))
    assert [file.name for file in files] == ["result.gpkg", "a.tif", "b.tif", "run.json"]
    _, _, geometry, columns = pyogrio.raw.read(files[0])
    assert columns[0].tolist() == ["a", "b"]
    assert columns[4].tolist() == ["flood", "flood"]
    assert columns[5].tolist() == ["orthophoto", "orthophoto"]
    assert columns[6] == pytest.approx([100, 375], rel=2e-3)
    assert json.loads(columns[3][1])["box"]["x1"] == 140
    assert shapely.from_wkb(geometry)[0].equals(shapely.box(300010, 2999980, 300020, 2999990))
    with rasterio.open(files[2]) as dataset:
        assert (dataset.read(1) == (scene & (np.indices(scene.shape)[0] > 50))).all()
    assert [percent for percent, _ in steps] == sorted(percent for percent, _ in steps)
    assert steps[-1][0] == 100


def test_the_record_says_what_made_it(run):
    record = json.loads(run(prompt("a", 30, 30), min_area=3)[-1].read_text())
    assert record["model"] == {"id": "flood", "revision": "r1", "sha256": {"w": "00"}, "licence": "MIT"}
    assert (record["task"], record["device"], record["parameters"]) == ("segment", "cpu", {"min_area": 3})
    assert record["source"]["name"] == "orthophoto"
    assert record["source"]["extent"] == [300000, 2999900, 300100, 3000000]
    assert record["source"]["crs"] == "EPSG:32645"
    assert (record["source"]["bands"], record["source"]["stretch"]) == ([1, 2, 3], [])
    assert record["prompts"][0]["id"] == "a"
    assert len(record["outputs"][0]["sha256"]) == 64
    assert str(run.folder.parent) not in json.dumps(record)


def test_one_bad_prompt_fails_the_job_before_anything_is_computed(run):
    def progress(percent, message):
        raise AssertionError("something was computed")

    found, detail = code(lambda: run(prompt("a", 30, 30), prompt("far", 3000, 30), progress=progress))
    assert found == codes.PROMPT_OUTSIDE
    assert "'far'" in detail
    assert not list(run.folder.iterdir())


@pytest.mark.parametrize("name", ["../a", "a/b", "a\\b", "..", "", ".hidden", "con", "NUL.x", "a\0", "a" * 101, "a:b"])
def test_ids_that_cannot_name_a_file_are_refused_where_masks_are_written(run, tmp_path, name):
    found, _ = code(lambda: run(prompt(name, 30, 30), masks=tmp_path / "masks"))
    assert found == codes.PROMPT_INVALID
    assert not (tmp_path / "masks").exists()
    assert run(prompt(name.replace("\0", ""), 30, 30))


def test_ids_are_each_objects_own(run, tmp_path):
    assert code(lambda: run(prompt("a", 30, 30), prompt("a", 30, 30)))[0] == codes.PROMPT_INVALID
    both = (prompt("a", 30, 30), prompt("A", 110, 110))
    assert code(lambda: run(*both, masks=tmp_path / "masks"))[0] == codes.PROMPT_INVALID
    assert run(*both)


def test_no_prompts_and_unknown_parameters(run):
    assert code(run)[0] == codes.PROMPT_INVALID
    found, detail = code(lambda: run(prompt("a", 30, 30), colour="red"))
    assert found == codes.PARAMETER_INVALID
    assert "'colour'" in detail


def test_a_cancelled_job_leaves_nothing(run):
    def progress(percent, message):
        if percent > 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(prompt("a", 30, 30), prompt("b", 110, 110), progress=progress)
    assert not list(run.folder.iterdir())


def test_an_output_of_ones_own(run, tmp_path):
    files = run(prompt("a", 30, 30), output=str(tmp_path / "mine.gpkg"))
    assert files == [tmp_path / "mine.gpkg", tmp_path / "mine.run.json"]
    for path in (tmp_path / "none" / "a.gpkg", tmp_path / "a.shp"):
        assert code(lambda path=path: run(prompt("a", 30, 30), output=str(path)))[0] == codes.OUTPUT_UNWRITABLE


def test_what_a_person_should_know_is_said(run, tmp_path):
    notices = []
    masks = tmp_path / "masks"
    files = run(prompt("a", 30, 30), notices=notices, min_area=1e6, masks=masks)
    assert pyogrio.read_info(files[0])["features"] == 0
    assert notices == ["Object 'a': Nothing was found; no polygon was made."]


def test_an_object_that_was_not_found_has_an_empty_mask(picture, flood, tmp_path):
    class Blind(flood):
        def decode(self, embedding, prompts):
            decoded = super().decode(embedding, prompts)
            decoded.logits[:] = -5
            return decoded

    path = picture(np.ones((50, 60), bool))
    request = JobRequest("segment", prompts=(prompt("a", 30, 30),))
    with SourceReader(Source(path=str(path)), path) as reader:
        files = run_segment(request, Blind(), MODEL, reader, tmp_path, lambda *_: None, tmp_path / "masks")
    with rasterio.open(files[1]) as dataset:
        assert dataset.shape == (50, 60)
        assert not dataset.read(1).any()


def test_a_folder_in_the_outputs_place_is_said_before_anything_is_computed(run, tmp_path):
    (tmp_path / "mine.gpkg").mkdir()

    def progress(percent, message):
        raise AssertionError("something was computed")

    call = lambda: run(prompt("a", 30, 30), output=str(tmp_path / "mine.gpkg"), progress=progress)  # noqa: E731
    assert code(call)[0] == codes.OUTPUT_UNWRITABLE
