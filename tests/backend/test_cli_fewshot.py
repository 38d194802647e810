"""`fewshot` as a user calls it: examples to a class map, a classifier kept and used again, and what is wrong."""

import json

import numpy as np
import pyarrow.parquet as pq
import pyogrio.raw
import pytest
import rasterio
import shapely
from pyproj import Transformer

from backend.__main__ import main
from backend.geo.atomic import Batch
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table
from tests.backend import fields


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fields.write_field("e.tif", fields.vectors())
    fields.write_layer("ex.gpkg", fields.clicks())
    return tmp_path


def run(capsys, *words):
    code = main([*map(str, ("fewshot", *words)), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def share_right(path="c.tif", row=slice(None, -1)):
    with rasterio.open(path) as found:
        return (found.read(1)[row] == fields.truth()[row]).mean()


def test_five_clicks_a_class_make_a_map_with_legend_and_confidence(work, capsys):
    words = ("--examples", "ex.gpkg", "--out", "c.tif", "--confidence", "f.tif", "--save", "k.json")
    answer = run(capsys, "e.tif", *words)
    assert [(one["name"], one["examples"]) for one in answer["classes"]] == [(name, 5) for name in fields.NAMES]
    assert answer["accuracy"] > 0.8
    assert share_right() > 0.9
    with rasterio.open("c.tif") as classes, rasterio.open("f.tif") as sure:
        assert (classes.dtypes, classes.nodata, classes.crs.to_epsg()) == (("uint8",), 255, 32640)
        assert classes.colormap(1)[1] == (0x44, 0x77, 0xAA, 255)
        assert (classes.read(1)[-1] == 255).all()
        assert (sure.read(1)[-1] == 255).all()
        confidence, right = sure.read(1)[:-1] / 250, classes.read(1)[:-1] == fields.truth()[:-1]
        assert sure.scales == (1 / 250,)
        assert abs(confidence.mean() - right.mean()) < 0.1
        assert confidence[right].mean() > confidence[~right].mean()
    assert "<Category>road</Category>" in (work / "c.tif.aux.xml").read_text()
    assert 'label="road" color="#4477AA"' in (work / "c.qml").read_text()
    record = json.loads((work / "c.run.json").read_text())
    assert (record["task"], record["model"]["id"], record["source"]["name"]) == ("fewshot", "mini", "e.tif")
    assert {output["name"] for output in record["outputs"]} >= {"c.tif", "f.tif", "k.json"}
    assert str(work) not in (work / "c.run.json").read_text()


def test_a_kept_classifier_makes_the_same_map_and_maps_another_date(work, capsys):
    first = run(capsys, "e.tif", "--examples", "ex.gpkg", "--out", "c.tif", "--save", "k.json")
    again = run(capsys, "e.tif", "--classifier", "k.json", "--out", "d.tif")
    assert (work / "c.tif").read_bytes() == (work / "d.tif").read_bytes()
    assert again["accuracy"] == first["accuracy"]
    fields.write_field("later.tif", fields.vectors(seed=3))
    run(capsys, "later.tif", "--classifier", "k.json", "--out", "l.tif")
    assert share_right("l.tif") > 0.9


def test_examples_in_another_crs_and_polygons(work, capsys):
    turn = Transformer.from_crs(32640, 4326, always_xy=True)
    squares = [
        (name, shapely.box(*fields.place(20 * index + 2, 30), *fields.place(20 * index + 12, 5)))
        for index, name in enumerate(fields.NAMES)
    ]
    shown = fields.clicks(2) + squares
    moved = [(name, shapely.transform(shape, lambda xy: np.stack(turn.transform(*xy.T), 1))) for name, shape in shown]
    fields.write_layer("degrees.gpkg", moved, "EPSG:4326")
    answer = run(capsys, "e.tif", "--examples", "degrees.gpkg", "--out", "c.tif")
    assert [one["examples"] for one in answer["classes"]] == [102] * 3  # a hundred of a polygon, however large
    assert share_right() > 0.95


def test_prompts_whose_ids_are_classes(work, capsys):
    lines = [{"id": "dry", "points": [[10, 10], [30, 5]]}, {"id": "wet", "points": [[50, 9]], "box": [42, 20, 58, 30]}]
    (work / "p.jsonl").write_text("\n".join(map(json.dumps, lines)))
    answer = run(capsys, "e.tif", "--prompts", "p.jsonl", "--pixel", "--out", "c.tif")
    assert [(one["name"], one["examples"]) for one in answer["classes"]] == [("dry", 2), ("wet", 101)]
    with rasterio.open("c.tif") as found:
        assert ((found.read(1) == 1) == (fields.truth() == 2))[:-1].mean() > 0.9


def test_an_area_is_mapped_alone(work, capsys):
    west, north = fields.place(10, 5)
    east, south = fields.place(50, 35)
    run(capsys, "e.tif", "--examples", "ex.gpkg", "--out", "all.tif")
    run(capsys, "e.tif", "--examples", "ex.gpkg", "--out", "c.tif", "--area", f"{west},{south},{east},{north}")
    with rasterio.open("all.tif") as whole, rasterio.open("c.tif") as part:
        assert (part.width, part.height) == (41, 31)
        assert np.array_equal(part.read(1), whole.read(1)[5:36, 10:51])
        assert part.xy(0, 0) == whole.xy(5, 10)


@pytest.fixture
def table(work):
    """Write chips of 10 x 10 cells, and return the class of each."""
    values, known = fields.vectors(), fields.truth()
    corners = [(column, row) for row in range(0, 30, 10) for column in range(0, 60, 10)]
    boxes = [shapely.box(*fields.place(c - 0.5, r + 9.5), *fields.place(c + 9.5, r - 0.5)) for c, r in corners]
    found = np.stack([values[:, r : r + 10, c : c + 10].mean((1, 2)) for c, r in corners])
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    ids = [f"chip {number}" for number in range(len(boxes))]
    identity = Identity("mini", "abc", fields.WIDTH)
    shapes = np.array(boxes, object)
    with Batch() as batch:
        made = VectorTable(found, shapes, "EPSG:32640", ids, identity, "chips", ())
        write_table(batch, work / "chips.parquet", made, About("embed", "2026-01-01T00:00:00Z", kind=CHIP))
    return {name: fields.NAMES[known[r, c]] for name, (c, r) in zip(ids, corners, strict=True)}


@pytest.mark.parametrize("out", ["c.gpkg", "c.parquet"])
def test_chips_get_a_class_and_a_confidence(work, table, capsys, out):
    run(capsys, "chips.parquet", "--examples", "ex.gpkg", "--out", out)
    if out.endswith("parquet"):
        found = pq.read_table(out).to_pydict()
        ids, classes, confidence = found["id"], found["class"], np.array(found["confidence"])
        assert len(found["embedding"][0]) == fields.WIDTH
    else:
        meta, _, geometry, (ids, classes, confidence) = pyogrio.raw.read(work / out)
        assert meta["crs"] == "EPSG:32640"
        assert shapely.area(shapely.from_wkb(geometry)) == pytest.approx(10_000)
    assert dict(zip(ids, classes, strict=True)) == table
    assert ((confidence > 0.4) & (confidence <= 1)).all()


def test_rows_named_in_a_csv(work, table, capsys):
    (work / "labels.csv").write_text("id,kind\n" + "\n".join(f"{row},{kind}" for row, kind in [*table.items()][:12]))
    answer = run(capsys, "chips.parquet", "--examples", "labels.csv", "--column", "kind", "--out", "c.gpkg")
    assert sum(one["examples"] for one in answer["classes"]) == 12
    assert dict(zip(*pyogrio.raw.read(work / "c.gpkg")[3][:2], strict=True)) == table


def test_pictures_of_a_folder_that_lie_nowhere(work, capsys):
    drawn, kinds = np.random.default_rng(2), np.arange(12) % 2
    vectors = np.eye(fields.WIDTH)[kinds] + 0.1 * drawn.normal(size=(12, fields.WIDTH))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    names = [f"pictures/{number}.jpg" for number in range(12)]
    identity, nowhere = Identity("mini", "abc", fields.WIDTH), np.array([shapely.Point()] * 12, object)
    with Batch() as batch:
        made = VectorTable(vectors, nowhere, "", names, identity, "pictures", ())
        write_table(batch, work / "v.parquet", made, About("embed", "2026-01-01T00:00:00Z", kind=CHIP))
    (work / "l.csv").write_text("path,class\n" + "\n".join(f"{names[row]},k{kinds[row]}" for row in range(6)))
    run(capsys, "v.parquet", "--examples", "l.csv", "--out", "c.parquet")
    found = pq.read_table("c.parquet").to_pydict()
    assert dict(zip(found["path"], found["class"], strict=True)) == {
        name: f"k{kind}" for name, kind in zip(names, kinds, strict=True)
    }
    code, said = run(capsys, "v.parquet", "--examples", "l.csv", "--out", "d.gpkg")
    assert (code, said[:40]) == (2, "The rows of 'v.parquet' lie nowhere; giv")
    (work / "l.csv").write_text("path,class\nother.jpg,a")
    code, said = run(capsys, "v.parquet", "--examples", "l.csv", "--out", "c.parquet")
    assert (code, said) == (2, "Line 2 of 'l.csv' names 'other.jpg', which 'v.parquet' does not hold.")


def test_a_class_shown_once_cannot_be_checked(work, capsys):
    fields.write_layer("few.gpkg", fields.clicks(1))
    answer = run(capsys, "e.tif", "--examples", "few.gpkg", "--out", "c.tif")
    assert answer["accuracy"] is None
    assert answer["notices"] == ["Show every class twice at least, and it is said how well they are told apart."]


def test_examples_beside_the_raster_are_told(work, capsys):
    beside = [("land", shapely.Point(0, 0)), ("road", shapely.Point(fields.place(30, 39)))]
    fields.write_layer("some.gpkg", fields.clicks() + beside)
    answer = run(capsys, "e.tif", "--examples", "some.gpkg", "--out", "c.tif")
    assert answer["notices"] == ["2 of 17 examples lie outside 'e.tif' or on no data: row 16, row 17."]


SHOWN = fields.clicks()
LINE = ("land", shapely.LineString([fields.place(1, 1), fields.place(5, 5)]))
BESIDE = [("snow", shapely.Point(0, 0)), ("ice", shapely.Point(1, 1))]
BAD_LAYERS = {
    "one class": (SHOWN[:5], {}, "needs examples of two classes at least; there is only 'land'"),
    "no column": (SHOWN, {"column": "kind"}, "'bad.gpkg' has no column 'class'; it has kind."),
    "outside": (BESIDE, {}, "No example lies on 'e.tif' where it has data"),
    "a class outside": (SHOWN + BESIDE, {}, "No example of 'ice' lies on 'e.tif'"),
    "no data": ([(n, shapely.Point(fields.place(i, 39))) for i, n in enumerate("ab")], {}, "No example lies on"),
    "no CRS": (SHOWN, {"crs": None}, "'bad.gpkg' has no CRS, so it is not known how"),
    "a line": ([*SHOWN, LINE], {}, "Row 16 of 'bad.gpkg' is LineString; give points and polygons."),
    "an empty class": ([*SHOWN, ("", SHOWN[0][1])], {}, "Row 16 of 'bad.gpkg' has nothing in 'class'; fill it in."),
}


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("case", BAD_LAYERS)
def test_bad_examples_are_one_sentence(work, capsys, case):
    shown, how, sentence = BAD_LAYERS[case]
    fields.write_layer("bad.gpkg", shown, **how)
    code, said = run(capsys, "e.tif", "--examples", "bad.gpkg", "--out", "c.tif")
    assert code == 2
    assert sentence in said
    assert "\n" not in said
    assert sorted(path.name for path in work.iterdir()) == ["bad.gpkg", "e.tif", "ex.gpkg"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_neither_has_a_crs(work, capsys):
    fields.write_field("plain.tif", fields.vectors(), crs=None)
    fields.write_layer("plain.gpkg", fields.clicks(), crs=None)
    run(capsys, "plain.tif", "--examples", "plain.gpkg", "--out", "c.tif")
    assert share_right() > 0.9
    code, said = run(capsys, "plain.tif", "--examples", "ex.gpkg", "--out", "d.tif")
    assert (code, said[:25]) == (2, "'plain.tif' has no CRS, s")


def test_a_classifier_of_other_vectors_is_refused(work, capsys):
    run(capsys, "e.tif", "--examples", "ex.gpkg", "--out", "c.tif", "--save", "k.json")
    for model, weights, count, sentence in (
        ("dinov2", "abc", 8, "'k.json' was made by mini and 'o.tif' by dinov2; their vectors do not compare."),
        ("mini", "other", 8, "were made by mini with other weights"),
        ("mini", "abc", 6, "'k.json' has vectors of 8 numbers and 'o.tif' of 6; use one model's."),
    ):
        fields.write_field("o.tif", fields.vectors()[:count], model, weights)
        code, said = run(capsys, "o.tif", "--classifier", "k.json", "--out", "o.c.tif")
        assert code == 2
        assert sentence in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--out", "c.tif"], "Give either examples (a layer, or prompts) or a saved classifier"),
        (["--examples", "ex.gpkg", "--classifier", "k.json", "--out", "c.tif"], "one of them"),
        (["--examples", "none.gpkg", "--out", "c.tif"], "There is no file 'none.gpkg'"),
        (["--examples", "ex.gpkg", "--out", "c.png"], "end"),
        (["--examples", "ex.gpkg", "--out", "e.tif"], "'e.tif' is what is read; give the result another name."),
        (["--examples", "ex.gpkg", "--out", "c.tif", "--confidence", "c.tif"], "'c.tif' is asked for twice"),
        (["--examples", "ex.gpkg", "--out", "no/c.tif"], "The folder for 'c.tif' does not exist"),
        (["--classifier", "e.tif", "--out", "c.tif"], "'e.tif' is no classifier that can be used: it is no JSON"),
    ],
)
def test_bad_requests_are_one_sentence(work, capsys, words, sentence):
    code, said = run(capsys, "e.tif", *words)
    assert code == 2
    assert sentence in said
    assert sorted(path.name for path in work.iterdir()) == ["e.tif", "ex.gpkg"]
