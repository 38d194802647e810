"""The search job over rasters and chips of vectors, through the command line and piece by piece."""

import json

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from affine import Affine

from backend.__main__ import main
from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.tasks.search.asked import Wanted
from backend.tasks.search.regions import regions
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table

WIDTH, SIDE, X0, Y0 = 8, 300, 500_000, 4_003_000
"""A meadow with two ponds (rows 40 to 60: columns 40 to 60, columns 200 to 230) and a lake (row 150 to 250)."""
PONDS = (np.s_[40:60, 40:60], np.s_[40:60, 200:230], np.s_[150:250, 100:200])


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    path = tmp_path_factory.mktemp("vectors") / "field.tif"
    values = np.random.default_rng(0).normal(0, 0.04, (WIDTH, SIDE, SIDE)).astype(np.float32)
    values[0] += 1
    for pond in PONDS:
        values[0][pond] -= 1
        values[1][pond] += 1
    values[:, :20] = np.nan
    profile = {"driver": "GTiff", "dtype": "float32", "count": WIDTH, "width": SIDE, "height": SIDE, "nodata": np.nan}
    with rasterio.open(path, "w", **profile, crs="EPSG:32640", transform=Affine(10, 0, X0, 0, -10, Y0)) as dataset:
        dataset.write(values)
        dataset.update_tags(TOPOSCOPE_MODEL="somebody")
    return path


def at(column, row):
    return f"{X0 + 10 * column + 5},{Y0 - 10 * row - 5}"


def found(path):
    meta, _, geometry, columns = pyogrio.raw.read(path)
    return dict(zip(meta["fields"], columns, strict=True)), shapely.from_wkb(geometry)


def search(*words):
    return main(["search", *map(str, words)])


def test_ponds_are_found_and_ranked(field, tmp_path, capsys):
    out, places = tmp_path / "S.tif", tmp_path / "P.gpkg"
    assert search(field, "--point", at(50, 50), "--out", out, "--places", places, "--json") == 0
    assert json.loads(capsys.readouterr().out)["found"] == 3
    columns, shapes = found(places)
    assert columns["rank"].tolist() == [1, 2, 3]
    assert sorted(np.round(shapely.area(shapes) / 100).tolist()) == [400, 600, 10_000]
    assert shapely.intersects_xy(shapes, X0 + 1505, Y0 - 2005).sum() == 1
    with rasterio.open(out) as dataset:
        assert dataset.scales[0] * dataset.read(1)[200, 150] > 0.5 > dataset.scales[0] * dataset.read(1)[100, 50]
        assert (dataset.read(1)[:20] == dataset.nodata).all()
        assert dataset.tags()["TOPOSCOPE_MODEL"] == "somebody"
    record = json.loads((tmp_path / "S.run.json").read_text())
    assert (record["task"], record["found"], record["source"]["name"]) == ("search", 3, "field.tif")


def test_area_distance_and_most(field, tmp_path):
    area = f"{X0},{Y0 - 1000},{X0 + 3000},{Y0}"
    assert search(field, "--point", at(150, 200), "--out", tmp_path / "A.gpkg", "--area", area) == 0
    assert len(found(tmp_path / "A.gpkg")[1]) == 2
    assert search(field, "--point", at(150, 200), "--out", tmp_path / "D.gpkg", "--distance", 1000) == 0
    assert len(found(tmp_path / "D.gpkg")[1]) == 1
    assert search(field, "--point", at(150, 200), "--out", tmp_path / "D.gpkg", "--distance", 950) == 0
    assert len(found(tmp_path / "D.gpkg")[1]) == 2
    assert search(field, "--point", at(150, 200), "--out", tmp_path / "M.gpkg", "--most", 1) == 0
    assert len(found(tmp_path / "M.gpkg")[1]) == 1


def test_examples_of_a_layer_in_another_crs(field, tmp_path):
    place, meadow = (shapely.Point(*map(float, at(*cell).split(","))).buffer(60) for cell in ((50, 50), (250, 280)))
    from pyproj import Transformer

    turn = Transformer.from_crs("EPSG:32640", "EPSG:4326", always_xy=True)
    shapes = [shapely.transform(one, lambda xy: np.column_stack(turn.transform(*xy.T))) for one in (place, meadow)]
    examples = tmp_path / "examples.gpkg"
    pyogrio.raw.write(
        examples, geometry=shapely.to_wkb(np.array(shapes)), field_data=[np.array([1, 0])], fields=np.array(["good"]),
        geometry_type="Polygon", crs="EPSG:4326", layer="examples",
    )  # fmt: skip
    assert search(field, "--like", examples, "--label", "good", "--out", tmp_path / "L.gpkg") == 0
    assert len(found(tmp_path / "L.gpkg")[1]) == 3


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    path = tmp_path_factory.mktemp("chips") / "chips.parquet"
    drawn = np.random.default_rng(1)
    count = 400
    vectors = drawn.normal(0, 0.05, (count, WIDTH)).astype(np.float32)
    vectors[np.arange(count), np.where(np.arange(count) < 20, 1, 0)] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    columns, rows = np.arange(count) % 20, np.arange(count) // 20
    shapes = shapely.box(X0 + 100 * columns, Y0 - 100 * rows - 100, X0 + 100 * columns + 100, Y0 - 100 * rows)
    table = VectorTable(
        vectors, shapes, "EPSG:32640", [f"c{n}" for n in range(count)], Identity("m", "", WIDTH), "c", ()
    )
    with Batch() as batch:
        write_table(batch, path, table, About("embed", "2026-01-01T00:00:00Z", kind=CHIP), {})
    return path


def test_chips_are_answered_with_chips(chips, tmp_path):
    assert search(chips, "--point", f"{X0 + 50},{Y0 - 50}", "--out", tmp_path / "T.gpkg") == 0
    columns, shapes = found(tmp_path / "T.gpkg")
    assert len(shapes) == 20
    assert (np.diff(columns["score"]) <= 0).all()
    assert shapely.bounds(shapes)[:, 3].min() == Y0
    assert search(chips, "--point", f"{X0 + 50},{Y0 - 50}", "--distance", 150, "--out", tmp_path / "T.gpkg") == 0
    centres = shapely.get_coordinates(shapely.centroid(found(tmp_path / "T.gpkg")[1]))
    gaps = np.diff(np.sort(centres[:, 0]))
    assert gaps.min() > 150
    assert len(centres) >= 7


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--point", "0,0"), "outside"),
        (("--point", at(50, 5)), "no vectors"),
        (("--point", f"{at(50, 50)},0"), "wanted"),
        (("--text", " "), "empty"),
        (("--text", "water"), "show examples"),
        (("--text", "water", "--point", at(50, 50)), "together"),
        ((), "nothing to look for"),
        (("--point", at(50, 50), "--most", "0"), "most"),
        (("--point", at(50, 50), "--threshold", "nan"), "number"),
        (("--point", at(50, 50), "--distance", "-1"), "distance"),
        (("--point", at(50, 50), "--area", "0,0,1,1"), "outside"),
    ],
)
def test_what_cannot_be_searched_is_one_sentence(field, tmp_path, capsys, words, sentence):
    assert search(field, *words, "--out", tmp_path / "O.tif") == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_a_raster_or_places(field, tmp_path, capsys):
    assert search(field, "--point", at(50, 50), "--out", tmp_path / "O.png") == 2
    assert "'O.png' must end in .tif (similarity) or .gpkg (places)." in capsys.readouterr().err


def test_what_is_searched_is_not_replaced(field, tmp_path, capsys):
    before = field.read_bytes()
    assert search(field, "--point", at(50, 50), "--out", field) == 2
    assert "is what is read" in capsys.readouterr().err
    assert field.read_bytes() == before


def test_vectors_of_another_model_are_refused(field, chips, tmp_path, capsys):
    assert search(field, "--like", chips, "--out", tmp_path / "O.tif") == 2
    assert "made by" in capsys.readouterr().err


def test_a_cut_off_table_is_refused(chips, tmp_path, capsys):
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(chips.read_bytes()[:-200])
    assert search(cut, "--point", "1,1", "--out", tmp_path / "O.gpkg") == 2
    assert "cut off" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [64, 77, 1000])
def test_regions_do_not_depend_on_strips(monkeypatch, rows):
    """Spirals and combs cross strips several times."""
    drawn = np.random.default_rng(3)
    values = np.repeat(np.repeat(drawn.integers(0, 200, (60, 50)).astype(np.uint8), 5, 0), 2, 1)
    values[10:290, 50:52], values[10:290, 60:62], values[286:290, 50:62] = 201, 201, 201
    monkeypatch.setattr("backend.tasks.search.regions.CELLS", rows * values.shape[1])

    def read(window):
        return values[window.row : window.row + window.height]

    said = list(regions(read, values.shape[1], values.shape[0], 120, 255, lambda part: None))
    from scipy import ndimage

    labels, count = ndimage.label(values >= 120)
    assert len(said) == count
    assert sum(one.cells for one in said) == (values >= 120).sum() == sum(one.polygon.area for one in said)
    assert sum(one.total for one in said) == values[values >= 120].sum()
    assert sorted(one.cells for one in said) == sorted(np.bincount(labels.ravel())[1:].tolist())
    assert all(one.polygon.is_valid for one in said)


def test_a_large_table_is_searched_through_its_index(chips, tmp_path, monkeypatch):
    home = tmp_path / "home"
    monkeypatch.setenv("TOPOSCOPE_HOME", str(home))
    words = (chips, "--point", f"{X0 + 50},{Y0 - 50}", "--most", 10)
    assert search(*words, "--out", tmp_path / "exact.gpkg") == 0
    assert not (home / "cache").exists()
    monkeypatch.setattr("backend.tasks.search.job.MANY_NUMBERS", 1)
    assert search(*words, "--out", tmp_path / "index.gpkg") == 0
    assert len(list((home / "cache").iterdir())) == 1
    exact, indexed = (found(tmp_path / f"{name}.gpkg")[0]["id"].tolist() for name in ("exact", "index"))
    assert exact == indexed


@pytest.mark.parametrize(
    "wrong",
    [{"most": 2.5}, {"most": True}, {"threshold": float("inf")}, {"threshold": 10**400}, {"phrase": 3}, {"x": 1}],
)
def test_a_wrong_parameter_is_named(wrong):
    with pytest.raises(BadInput) as error:
        Wanted.parse(wrong)
    assert next(iter(wrong)) in error.value.detail
