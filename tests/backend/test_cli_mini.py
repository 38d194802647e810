"""`ground` and `embed` as a user calls them, with the network that ships."""

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from backend.__main__ import main
from backend.models.mini_graphs import FOLDER

pytestmark = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")


@pytest.fixture
def image(tmp_path, monkeypatch):
    """Dark blue water on the left, sand on the right; half-metre pixels in UTM."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    drawn = np.random.default_rng(0)
    picture = np.where(np.arange(300)[None, None] < 150, [[[30]], [[70]], [[95]]], [[[215]], [[190]], [[150]]])
    picture = np.clip(picture.repeat(200, 1) + drawn.normal(0, 5, (3, 200, 300)), 0, 255).astype(np.uint8)
    path = tmp_path / "pictures" / "coast.tif"
    path.parent.mkdir()
    where = from_origin(300000, 3000000, 0.5, 0.5)
    with rasterio.open(
        path, "w", driver="GTiff", width=300, height=200, count=3, dtype="uint8", crs="EPSG:32645", transform=where
    ) as target:
        target.write(picture)
    return path


def run(capsys, *words):
    code = main([*map(str, words), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_phrases_become_classes_on_the_images_grid(image, tmp_path, capsys):
    classes, scores = tmp_path / "c.tif", tmp_path / "s.tif"
    words = ("--text", "sea; beach sand", "--classes", classes, "--scores", scores, "--background", "none")
    answer = run(capsys, "ground", image, *words)
    assert set(answer["shares"]) == {"sea", "beach sand"}
    with rasterio.open(classes) as found, rasterio.open(image) as given:
        assert found.transform == given.transform
        assert found.dtypes == ("uint8",)
        values = found.read(1)
    assert (values[:, 20:120] == 1).mean() > 0.8
    with rasterio.open(scores) as found:
        assert found.descriptions == ("sea", "beach sand")
        assert found.read().min() >= 0


def test_switches_and_their_notices(image, tmp_path, capsys):
    words = (
        "ground",
        image,
        "--classes",
        tmp_path / "c.tif",
        "--background",
        "none",
        "--text",
        "sea, ocean; beach sand",
    )
    plain, sharp = run(capsys, *words, "--decoder", "text"), run(capsys, *words, "--upsample", "--remove-bias")
    assert set(plain["shares"]) == set(sharp["shares"]) == {"sea, ocean", "beach sand"}
    assert plain["best"] != sharp["best"]
    with rasterio.open(tmp_path / "c.tif") as found:
        assert (found.read(1)[:, 20:120] == 1).mean() > 0.8
    doubted = run(capsys, "ground", image, "--classes", tmp_path / "d.tif", "--text", "sabkha")
    assert "“sabkha” may not be known" in doubted["notices"][0]
    code, said = run(capsys, "ground", image, "--classes", tmp_path / "e.tif", "--text", "piscina")
    assert code != 0
    assert said.endswith("“piscina” is not English; write the phrase in English or Chinese.")


@pytest.fixture
def village(image):
    """Bright roofs on green ground in the place of the coast."""
    picture = np.empty((200, 300, 3))
    picture[:] = (92, 108, 70)
    for row, column in ((30, 40), (120, 60), (60, 190)):
        picture[row : row + 50, column : column + 70] = (206, 198, 190)
    picture += np.random.default_rng(0).normal(0, 5, picture.shape)
    with rasterio.open(image, "r+") as target:
        target.write(np.clip(picture, 0, 255).astype(np.uint8).transpose(2, 0, 1))
    return image


def test_objects_drawn_anew_with_an_outline_of_ones_choice(village, tmp_path, capsys):
    def shapes(name, *words):
        out = tmp_path / f"{name}.gpkg"
        run(capsys, "ground", village, "--text", "rooftops", "--granularity", "pixel", "--out", out, *words)
        told = json.loads(out.with_suffix(".run.json").read_text(encoding="utf-8"))
        return told, shapely.from_wkb(pyogrio.raw.read(out)[2])

    told, plain = shapes("plain")
    assert "segmenter" not in told["model"]
    told, anew = shapes("anew", "--refine", "--segmenter", "classic", "--outline", "rectangle", "--min-area", 50)
    assert told["model"]["segmenter"]["id"] == "classic"
    assert told["parameters"]["refine"] is True
    assert 0 < len(anew) <= len(plain)
    assert {shapely.get_num_coordinates(shape) for shape in anew} == {5}
    assert min(shape.area for shape in anew) >= 50
    assert shapes("none", "--min-area", 1e6)[1].size == 0


def test_embeddings_of_places_chips_and_pictures(image, tmp_path, capsys):
    run(capsys, "embed", image, "--out", tmp_path / "e.tif")
    with rasterio.open(tmp_path / "e.tif") as found:
        assert (found.count, found.width, found.height) == (64, 75, 50)
    assert run(capsys, "embed", image, "--chips", tmp_path / "c.parquet", "--size", 100)["count"] == 6
    assert run(capsys, "embed", image.parent, "--images", tmp_path / "v.parquet")["count"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ground", "--text", ";", "--classes", "c.tif"), "phrase"),
        (("ground", "--text", "sea"), "--classes"),
        (("ground", "--text", "sea", "--classes", "c.tif", "--refine", "--segmenter", "geoembed"), "cannot segment"),
        (("ground", "--text", "sea", "--classes", "c.tif", "--simplify", "90"), "simplify"),
        (("ground", "--text", "sea", "--classes", "c.tif", "--model", "classic"), "does not ground"),
        (("embed",), "--out"),
        (("embed", "--images", "v.parquet"), "--images for a folder"),
        (("embed", "--out", "e.tif", "--model", "classic"), "does not embed"),
        (("segment", "--pixel", "--point", "9,9", "--out", "o.gpkg", "--model", "geoembed"), "does not segment"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(image, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    code, line = run(capsys, words[0], image, *words[1:])
    assert code == 2
    assert said in line
    assert len(line.splitlines()) == 1
