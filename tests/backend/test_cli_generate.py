"""`generate` as a user calls it, with a tiny untrained network of MetaEarth's design."""

import json

import pytest
import rasterio
from safetensors.torch import save_file

from backend.__main__ import main
from tests.backend.models.generators import drawn
from tests.backend.tasks.generate.conftest import picture  # noqa: F401 (a fixture)

AREA = "500040,4999880,500060,4999900"


@pytest.fixture
def work(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    save_file(drawn().state_dict(), tmp_path / "metaearth.safetensors")
    assert main(["models", "import", "metaearth", "metaearth.safetensors"]) == 0
    capsys.readouterr()
    return tmp_path


def run(capsys, *words):
    code = main([*map(str, ("generate", *words)), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_levels_and_record(work, picture, capsys):  # noqa: F811
    made = ("--scale", 16, "--seed", 3, "--steps", 5, "--extent", AREA, "--model", "metaearth")
    answer = run(capsys, picture(), *made, "--out", "g.tif")
    assert [path.rsplit("/", 1)[1] for path in answer["files"]] == ["g_x4.tif", "g.tif"]
    assert answer["windows"] > 2
    assert answer["timings"]["network"] < answer["timings"]["total"]
    record = json.loads((work / "g.run.json").read_text())
    assert (record["seed"], record["parameters"]["scale"], record["model"]["id"]) == (3, "16", "metaearth")
    assert str(work) not in (work / "g.run.json").read_text()
    run(capsys, picture(), *made, "--out", "again.tif")
    assert (work / "again.tif").read_bytes() == (work / "g.tif").read_bytes()
    with rasterio.open(work / "g.tif") as dataset:
        assert dataset.bounds == (500_040, 4_999_880, 500_060, 4_999_900)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--out", "g.tif"), "Name a raster to begin with, or take the Blue Marble and no raster."),
        (("low.tif", "--earth", "--out", "g.tif"), "Name a raster to begin with"),
        (("low.tif", "--out", "g.png"), "a name that ends in .tif"),
        (("low.tif", "--out", "g.tif", "--steps", "100"), "steps is 100; it must be a whole number from 5 to 50"),
        (("low.tif", "--out", "g.tif", "--model", "classic"), "paints no imagery; use one of"),
    ],
)
def test_what_cannot_be_is_one_line(work, picture, capsys, words, sentence):  # noqa: F811
    picture()
    words = words if "--model" in words else (*words, "--model", "metaearth")
    code, said = run(capsys, *words)
    assert code == 2
    assert sentence in said
    assert "\n" not in said
