"""The command line as a user calls it; with `classic`, whose answers nothing was trained for, where none is named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from PIL import Image
from rasterio.transform import from_origin

from backend.__main__ import main
from backend.protocol.defaults import DEFAULT_MODEL

ROOT = Path(__file__).parents[2]
BANEPA = ROOT.parent / "shared" / "data" / "banepa"
HOUSE = (slice(60, 100), slice(50, 110))


def call(*words, home):
    environment = {**os.environ, "TOPOSCOPE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "backend", *map(str, words)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def segment(tmp_path, monkeypatch, capsys):
    """Run `segment` in this process; the answer as an object, or (exit code, the one line of its error)."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))

    def run(*words, model=("--model", "classic")):
        named = () if "--model" in words else model
        try:
            code = main(["segment", *map(str, words), *named, "--json"])
        except SystemExit as stop:
            code = stop.code
        printed = capsys.readouterr()
        if code == 0:
            assert printed.err == ""
            return json.loads(printed.out)
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1, printed.err
        return code, printed.err.strip()

    return run


def scene():
    rng = np.random.default_rng(3)
    image = rng.normal(60, 6, (180, 200, 3))
    image[HOUSE] = rng.normal(190, 6, (40, 60, 3))
    return image.clip(0, 255).astype("uint8")


@pytest.fixture
def geotiff(tmp_path):
    """West of Greenwich and south of the equator: both coordinates begin with a minus."""
    path = tmp_path / "scene.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=200, height=180, count=3, dtype="uint8", crs="EPSG:4326",
        transform=from_origin(-70.5, -30.25, 1e-5, 1e-5),
    ) as dataset:  # fmt: skip
        dataset.write(scene().transpose(2, 0, 1))
    return path


def house_in(path, grid):
    meta, _, geometry, _ = pyogrio.raw.read(path)
    truth = shapely.box(*(grid @ (50, 100)), *(grid @ (110, 60)))
    found = shapely.from_wkb(geometry)[0]
    return meta["crs"], found.intersection(truth).area / found.union(truth).area


def test_points_with_negative_coordinates(segment, geotiff, tmp_path):
    out, grid = tmp_path / "o.gpkg", from_origin(-70.5, -30.25, 1e-5, 1e-5)
    x, y = grid @ (80, 80)
    off = "{},{},0".format(*(grid @ (20, 20)))
    answer = segment(geotiff, "--point", f"{x},{y}", "--point", off, "--out", out, "--masks", tmp_path / "masks")
    crs, iou = house_in(out, grid)
    assert crs == "EPSG:4326"
    assert iou > 0.9
    assert answer["objects"][0]["id"] == "1"
    assert answer["objects"][0]["area_m2"] == pytest.approx(2400 * 0.965 * 1.109, rel=0.1)
    with rasterio.open(answer["masks"][0]) as dataset:
        assert (dataset.width, dataset.height, dataset.crs.to_epsg()) == (200, 180, 4326)
        assert set(np.unique(dataset.read(1))) == {0, 1}
    assert json.loads(Path(answer["record"]).read_text())["model"]["id"] == "classic"


def test_the_default_model_answers_where_none_is_named(segment, geotiff, tmp_path):
    answer = segment(geotiff, "--pixel", "--point", "80,80", "--out", tmp_path / "o.gpkg", model=())
    assert answer["model"] == DEFAULT_MODEL["segment"]
    assert answer["objects"][0]["area_m2"] > 0


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_without_georeference(segment, tmp_path, kind):
    path, out = tmp_path / f"scene.{kind}", tmp_path / "o.gpkg"
    Image.fromarray(scene()).save(path)
    segment(path, "--box", "45,55,115,105", "--out", out, "--outline", "orthogonal")
    crs, iou = house_in(out, rasterio.Affine.identity())
    assert crs is None
    assert iou > 0.9


def test_a_prompt_file(segment, geotiff, tmp_path):
    prompts = tmp_path / "p.jsonl"
    lines = [
        {"id": "house", "points": [[80, 80, 1], [20, 20, 0]], "box": None},
        {"id": 7, "points": [], "box": [45, 55, 115, 105]},
    ]
    prompts.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    masks = tmp_path / "masks"
    answer = segment(
        geotiff, "--prompts", prompts, "--pixel", "--out", tmp_path / "o.gpkg", "--masks", masks, "--bands", "1"
    )
    assert [one["id"] for one in answer["objects"]] == ["house", "7"]
    assert sorted(path.name for path in masks.iterdir()) == ["7.tif", "house.tif"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "--point"),
        (("--point", "8"), "--point"),
        (("--point", "1,2,3"), "label"),
        (("--point", "nan,2"), "--point"),
        (("--point", "80,80", "--outline", "round"), "round"),
        (("--point", "80,80", "--min-area", "-3"), "min_area"),
        (("--point", "80,80", "--bands", "4,3,2"), "Bands"),
        (("--point", "80,80", "--bands", "x"), "--bands"),
        (("--point", "80,8000"), "outside"),
        (("--point", "80,80,0"), "no point on the object"),
        (("--box", "5,5,5,9"), "no area"),
        (("--prompts", "none.jsonl"), "none.jsonl"),
        (("--point", "80,80", "--model", "sam9"), "sam9"),
        (("--point", "80,80", "--device", "abacus"), "abacus"),
    ],
)  # fmt: skip
def test_a_mistake_ends_in_one_line_and_exit_code_2(segment, geotiff, tmp_path, words, says):
    code, line = segment(geotiff, "--pixel", "--out", tmp_path / "o.gpkg", *words)
    assert code == 2
    assert says in line
    assert not (tmp_path / "o.gpkg").exists()


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a", "points": [[1]]}', '{"points": [[1, 2, 1]]}',
                                  '{"id": "a", "points": [[1, 2, 1]], "text": "x"}', '{"id": "a", "box": [1, 2, 3]}',
                                  '{"id": "../a", "points": [[80, 80, 1]]}'])  # fmt: skip
def test_a_wrong_line_of_a_prompt_file(segment, geotiff, tmp_path, line):
    prompts = tmp_path / "p.jsonl"
    prompts.write_text('{"id": "good", "points": [[80, 80, 1]]}\n' + line)
    words = ("--prompts", prompts, "--pixel", "--out", tmp_path / "o.gpkg", "--masks", tmp_path / "masks")
    code, _ = segment(geotiff, *words)
    assert code == 2
    assert not (tmp_path / "masks").exists()


def test_places_that_cannot_be_read_or_written(segment, geotiff, tmp_path):
    assert segment(tmp_path / "none.tif", "--point", "1,1", "--out", tmp_path / "o.gpkg")[0] == 2
    assert segment(geotiff, "--point", "80,80", "--pixel", "--out", tmp_path / "none" / "o.gpkg")[0] == 2


def test_without_json_a_sentence(geotiff, tmp_path):
    done = call("segment", geotiff, "--point", "80,80", "--pixel", "--out", tmp_path / "o.gpkg", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 of 1 objects in ")


def test_commands_are_listed():
    done = call("--help", home="")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("serve", "segment", "ground", "embed", "models", "doctor"))
    wrong = call("paint", home="")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)


@pytest.mark.skipif(not BANEPA.is_dir(), reason="needs the shared data")
def test_a_real_roof(segment, tmp_path):
    """A building of OpenStreetMap from its box, in an image whose georeference lies in a file beside it."""
    image = BANEPA / "images" / "OAM-386690-220241-19.tif"
    with rasterio.open(image) as dataset:
        left, bottom, right, top = dataset.bounds
    _, _, geometry, _ = pyogrio.raw.read(BANEPA / "buildings.geojson", bbox=(left, bottom, right, top))
    buildings = [g for g in shapely.from_wkb(geometry) if shapely.box(left, bottom, right, top).contains(g)]
    roof = buildings[0]
    out = tmp_path / "o.gpkg"
    segment(image, "--box", ",".join(str(value) for value in roof.bounds), "--out", out, "--outline", "orthogonal")
    found = shapely.from_wkb(pyogrio.raw.read(out)[2])[0]
    assert found.intersection(roof).area / found.union(roof).area > 0.75


def test_a_relative_place_with_another_ending_is_told_which_ending_it_needs(segment, geotiff):
    code, line = segment(geotiff, "--pixel", "--point", "40,40", "--out", "o.shp")
    assert code == 2
    assert "ends in .gpkg" in line
    assert "absolute" not in line
