"""`embed` and `compare` as a user calls them: real files, what is refused in one sentence, what a stop leaves."""

import json

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from backend.__main__ import main
from backend.models.mini_graphs import FOLDER

pytestmark = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")


def write(path, values, **more):
    where = from_origin(300000, 3000000, 0.5, 0.5)
    bands, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=bands, dtype=values.dtype, crs="EPSG:32645",
        transform=where, **more,
    ) as target:  # fmt: skip
        target.write(values)
    return path


@pytest.fixture
def image(tmp_path, monkeypatch):
    """Dark blue water on the left, sand on the right; half-metre pixels in UTM."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    drawn = np.random.default_rng(0)
    picture = np.where(np.arange(160)[None, None] < 80, [[[30]], [[70]], [[95]]], [[[215]], [[190]], [[150]]])
    picture = np.clip(picture.repeat(120, 1) + drawn.normal(0, 5, (3, 120, 160)), 1, 255).astype(np.uint8)
    (tmp_path / "pictures").mkdir()
    return write(tmp_path / "pictures" / "coast.tif", picture)


def run(capsys, *words):
    code = main([*map(str, words), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_blocks_chips_and_the_change_of_two_dates(image, tmp_path, capsys):
    out = tmp_path / "e.tif"
    assert run(capsys, "embed", image, "--out", out, "--block", 8)["count"] == 1
    with rasterio.open(out) as found:
        assert (found.count, found.width, found.height, found.dtypes[0]) == (64, 20, 15, "int8")
        assert found.descriptions[0] == "MINI_00"
    beside = sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("e."))
    assert beside == ["e.item.json", "e.preview.tif", "e.run.json", "e.tif"]
    assert run(capsys, "embed", image, "--chips", tmp_path / "c.parquet", "--size", 40)["count"] == 12
    with rasterio.open(image) as source:
        values = source.read()
    values[:, :, :80] = values[:, :, 80:]
    later = write(tmp_path / "later.tif", values)
    run(capsys, "embed", later, "--out", tmp_path / "l.tif", "--block", 8)
    run(capsys, "compare", out, tmp_path / "l.tif", "--out", tmp_path / "change.tif")
    with rasterio.open(tmp_path / "change.tif") as found:
        change = found.read(1)
    assert np.median(change[:, :8]) > 1.5 * np.median(change[:, 13:]) > 0


def test_chips_leave_out_what_remains_and_say_so(image, tmp_path, capsys):
    out = tmp_path / "c.parquet"
    told = "The last 10 columns and 20 rows of pixels are in no chip; a smaller stride takes more."
    assert run(capsys, "embed", image, "--chips", out, "--size", 50)["notices"] == [told]
    assert run(capsys, "embed", image, "--chips", out, "--size", 50, "--stride", 10)["notices"] == []
    area = "300000,2999950,300050,3000000"
    assert run(capsys, "embed", image, "--chips", out, "--size", 50, "--area", area)["notices"] == []


@pytest.mark.parametrize(
    ("first", "second"), [("--out e.tif", "--chips e.parquet"), ("--chips e.parquet", "--out e.tif")]
)
def test_a_raster_and_chips_do_not_share_a_name(image, tmp_path, monkeypatch, capsys, first, second):
    monkeypatch.chdir(tmp_path)
    run(capsys, "embed", image, *first.split(), "--size", 40)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("e.*")}
    out = second.split()[1]
    said = f"'e.run.json' tells of another file than {out!r}; choose another name."
    assert run(capsys, "embed", image, *second.split(), "--size", 40) == (2, said)
    if out == "e.parquet":
        (tmp_path / "e.run.json").unlink()
        said = said.replace("run", "item")
        assert run(capsys, "embed", image.parent, "--images", out) == (2, said)
        before.pop("e.run.json")
    assert {path.name: path.read_bytes() for path in tmp_path.glob("e.*")} == before


def test_an_area_in_exact_numbers_is_part_of_the_whole(image, tmp_path, capsys):
    area = "300020,2999970,300050,2999990"
    run(capsys, "embed", image, "--out", tmp_path / "w.tif", "--float32")
    run(capsys, "embed", image, "--out", tmp_path / "p.tif", "--float32", "--area", area)
    with rasterio.open(tmp_path / "w.tif") as whole, rasterio.open(tmp_path / "p.tif") as part:
        assert part.bounds == (300020, 2999970, 300050, 2999990)
        assert np.array_equal(part.read(), whole.read()[:, 5:15, 10:25])


def test_numbers_that_are_none_are_no_data(image, tmp_path, capsys):
    values = np.random.default_rng(0).random((3, 64, 64), np.float32)
    values[:, :32, :32] = np.nan
    source = write(tmp_path / "nan.tif", values)
    run(capsys, "embed", source, "--out", tmp_path / "e.tif")
    with rasterio.open(tmp_path / "e.tif") as found:
        unknown = found.read(1) == -128
    assert unknown[:8, :8].all()
    assert unknown.sum() == 64


GDAL_NAMES = [  # what GDAL's own Sentinel-2 driver calls the bands of a level 1C scene
    f"B{name}, central wavelength {length} nm"
    for name, length in zip(
        ("1", "2", "3", "4", "5", "6", "7", "8", "8A", "9", "10", "11", "12"),
        (443, 490, 560, 665, 705, 740, 783, 842, 865, 945, 1375, 1610, 2190),
        strict=True,
    )
]


def sentinel(path, seed=0, brighter=1, count=13, names=GDAL_NAMES):
    drawn = np.random.default_rng(seed).integers(500, 4000, (count, 16, 16)).repeat(4, 1).repeat(4, 2)
    write(path, (drawn * brighter).astype(np.uint16))
    with rasterio.open(path, "r+") as target:
        target.descriptions = names[:count]
    return path


def record(path):
    return json.loads(path.with_suffix(".run.json").read_text(encoding="utf-8"))["source"]


def pixels(path):
    with rasterio.open(path) as found:
        return found.read()


def test_colours_of_a_sentinel_scene_are_its_red_green_and_blue(image, tmp_path, capsys):
    scene, out, named = sentinel(tmp_path / "s2.tif"), tmp_path / "e.tif", tmp_path / "n.tif"
    [notice] = run(capsys, "embed", scene, "--out", out)["notices"]
    assert notice == "s2.tif has 13 bands and none was chosen; 4, 3, 2 are taken for red, green and blue."
    assert run(capsys, "embed", scene, "--out", named, "--bands", "4,3,2")["notices"] == []
    assert np.array_equal(pixels(out), pixels(named))
    assert record(out) == record(named)
    run(capsys, "embed", scene, "--out", named, "--bands", "1,2,3")
    assert not np.array_equal(pixels(out), pixels(named))


def test_which_bands_were_taken_is_said_where_there_was_a_choice(image, tmp_path, capsys):
    def notices(path):
        return run(capsys, "embed", path, "--out", tmp_path / "e.tif")["notices"]

    two, four = sentinel(tmp_path / "two.tif", count=2), sentinel(tmp_path / "four.tif", count=4, names=[""] * 4)
    assert notices(two) == ["two.tif has 2 bands and none was chosen; band 1 is taken, as grey."]
    assert notices(four) == ["four.tif has 4 bands and none was chosen; 1, 2, 3 are taken for red, green and blue."]
    assert notices(sentinel(tmp_path / "one.tif", count=1)) == notices(image) == []
    opaque = np.concatenate([pixels(image), np.full((1, 120, 160), 255, np.uint8)])
    assert notices(write(tmp_path / "rgba.tif", opaque, photometric="RGB", alpha="yes")) == []


def test_a_folder_says_once_which_bands_were_taken(image, tmp_path, capsys):
    (tmp_path / "scenes").mkdir()
    for seed in range(3):
        sentinel(tmp_path / "scenes" / f"{seed}.tif", seed)
    [notice] = run(capsys, "embed", tmp_path / "scenes", "--images", tmp_path / "v.parquet")["notices"]
    assert notice.startswith("0.tif has 13 bands")
    assert "2 of the other pictures" in notice


def test_the_record_holds_what_repeats_the_run(image, tmp_path, capsys):
    scene, out = sentinel(tmp_path / "s2.tif"), tmp_path / "e.tif"
    run(capsys, "embed", scene, "--out", out)
    told = record(out)
    assert told["bands"] == [4, 3, 2]
    words = ";".join(f"{one['low']},{one['high']}" for one in told["stretch"])
    again = tmp_path / "again.tif"
    run(capsys, "embed", scene, "--out", again, "--bands", ",".join(map(str, told["bands"])), "--stretch", words)
    assert np.array_equal(pixels(out), pixels(again))
    assert record(again) == told
    run(capsys, "embed", image, "--out", again)
    assert (record(again)["bands"], record(again)["stretch"]) == ([1, 2, 3], [])


def test_two_dates_of_different_stretches_are_said_and_one_stretch_mends_them(image, tmp_path, capsys):
    def embedded(name, brighter, *words):
        source = sentinel(tmp_path / f"{name}.source.tif", brighter=brighter)
        run(capsys, "embed", source, "--out", tmp_path / f"{name}.tif", *words)

    def compared():
        return run(capsys, "compare", tmp_path / "a.tif", tmp_path / "b.tif", "--out", tmp_path / "c.tif")["notices"]

    embedded("a", 1)
    embedded("b", 1)
    assert compared() == []
    embedded("b", 1.5)
    [notice] = compared()
    assert "different stretches" in notice
    assert notice.endswith(".")
    embedded("b", 1.5, "--stretch", notice.rsplit(" ", 1)[1].removesuffix("."))
    assert compared() == []
    assert record(tmp_path / "a.tif")["stretch"] == record(tmp_path / "b.tif")["stretch"]
    with rasterio.open(tmp_path / "c.tif") as found:
        assert found.read(1).max() > 0.01


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "e.tif", "--block", "6"), "multiple"),
        (("--out", "e.tif", "--block", "-4"), "block is -4"),
        (("--out", "e.tif", "--area", "0,0,1,1"), "lies outside"),
        (("--out", "e.tif", "--area", "here"), "xmin,ymin,xmax,ymax"),
        (("--out", "e.png"), "ends in .tif"),
        (("--out", "pictures/coast.tif"), "is what is read"),
        (("--out", "nowhere/e.tif"), "does not exist"),
        (("--out", "e.tif", "--bands", "1;2;3"), "leave bands"),
        (("--out", "e.tif", "--gain", "10000"), "leave bands, gain"),
        (("--out", "e.tif", "--stretch", "0-4000"), "LOW,HIGH"),
        (("--out", "e.tif", "--stretch", "9,3"), "its high must exceed"),
        (("--out", "e.tif", "--stretch", "0,9;0,9"), "2 stretches for 3 bands"),
        (("--out", "e.tif", "--stretch", "0,9", "--model", "rcf"), "leave the stretch out"),
        (("--out", "e.tif", "--set", "kernels=1"), "no parameter"),
        (("--chips", "c.parquet", "--size", "500"), "larger than"),
        (("--chips", "c.parquet", "--size", "4"), "size is 4"),
        (("--images", "v.parquet"), "--images for a folder"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(image, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    code, line = run(capsys, "embed", image, *words)
    assert (code, len(line.splitlines())) == (2, 1)
    assert said in line
    assert not list(tmp_path.glob("[ecv].*"))


def test_a_picture_without_data_is_said(image, tmp_path, capsys):
    empty = write(tmp_path / "empty.tif", np.zeros((3, 64, 64), np.uint8), nodata=0)
    code, line = run(capsys, "embed", empty, "--out", tmp_path / "e.tif")
    assert code == 2
    assert "no data" in line
    assert not list((tmp_path / "home" / "runs" / ".unfinished").iterdir())


def test_compare_says_what_it_lacks(image, tmp_path, capsys):
    code, line = run(capsys, "compare", image, image, "--out", tmp_path / "c.tif")
    assert code == 2
    assert "holds no embeddings" in line
