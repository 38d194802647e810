"""`cluster` as a user calls it: groups of a raster or a table of vectors, false colour, and what is wrong."""

import json
import sys
from itertools import pairwise

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely

from backend.__main__ import main
from backend.geo.atomic import Batch
from backend.tasks.vectors.about import About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table
from tests.backend import fields


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = fields.vectors(spread=0.15)
    values[:, :5, 20:40], values[:, :10, 40:] = np.nan, np.nan  # groups of unequal size
    fields.write_field("e.tif", values)
    return tmp_path


def run(capsys, *words):
    code = main([*map(str, ("cluster", *words)), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def agrees(path, rows=slice(10, -1)):
    """Return the part of cells whose group is the one most cells of their class are in."""
    with rasterio.open(path) as found:
        groups, known = found.read(1)[rows], fields.truth()[rows]
    return sum(np.bincount(groups[known == index]).max() for index in range(3)) / known.size


@pytest.mark.parametrize("words", [("--clusters", 3), ("--method", "hdbscan")])
def test_groups_are_what_is_alike_the_largest_first(work, capsys, words):
    answer = run(capsys, "e.tif", "--out", "g.tif", *words)
    shares = [one["share"] for one in answer["groups"] if one["name"] != "No group"]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 3
    assert sum(one["share"] for one in answer["groups"]) == pytest.approx(1, abs=1e-5)
    assert agrees("g.tif") > 0.85
    with rasterio.open("g.tif") as found:
        values = found.read(1)
        assert (values[-1] == 255).all()
        assert np.bincount(values[values != 255])[0] / (values != 255).sum() == pytest.approx(shares[0], abs=1e-5)
        assert found.colormap(1)[0] == (0xEE, 0x66, 0x77, 255)
    assert "<Category>Group 2</Category>" in (work / "g.tif.aux.xml").read_text()
    record = json.loads((work / "g.run.json").read_text())
    assert (record["task"], record["seed"], record["groups"]) == ("cluster", 0, answer["groups"])


def test_the_same_seed_gives_the_same_groups(work, capsys):
    for name in ("a", "b"):
        run(capsys, "e.tif", "--out", f"{name}.tif", "--seed", 4, "--clusters", 5)
    assert (work / "a.tif").read_bytes() == (work / "b.tif").read_bytes()


def test_principal_components_as_colours(work, capsys):
    run(capsys, "e.tif", "--out", "g.tif", "--clusters", 3, "--colours", "pca", "--colours-out", "c.tif")
    with rasterio.open("c.tif") as found:
        shown = found.read()
        assert (found.count, found.dtypes[0], found.nodata) == (3, "uint8", 0)
    means = [shown[:, 10:-1, 20 * index : 20 * index + 20].reshape(3, -1).mean(1) for index in range(3)]
    assert min(np.linalg.norm(one - other) for one, other in pairwise(means)) > 60
    assert (shown[:, -1] == 0).all()


def test_umap_is_optional(work, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    code, said = run(capsys, "e.tif", "--out", "g.tif", "--colours", "umap", "--colours-out", "c.tif")
    assert (code, "pip install umap-learn" in said) == (1, True)


def test_rows_of_a_table(work, capsys):
    values, known = fields.vectors(spread=0.15)[:, :-1, ::2], fields.truth()[:-1, ::2]
    rows, columns = known.shape
    places = [fields.place(2 * column, row) for row in range(rows) for column in range(columns)]
    identity, count = Identity("mini", "abc", fields.WIDTH), known.size
    ids = [f"p{number}" for number in range(count)]
    shapes = shapely.points(places)
    made = VectorTable(values.reshape(fields.WIDTH, -1).T, shapes, "EPSG:32640", ids, identity, "points", ())
    with Batch() as batch:
        write_table(batch, work / "p.parquet", made, About("embed", "2026-01-01T00:00:00Z"))
    answer = run(capsys, "p.parquet", "--out", "g.gpkg", "--clusters", 3)
    meta, _, _, (names, groups) = pyogrio.raw.read(work / "g.gpkg")
    assert list(meta["fields"]) == ["id", "group"]
    of_row = dict(zip(names, groups, strict=True))
    found = np.array([of_row[name] for name in ids])
    for index in range(3):
        assert (found[known.ravel() == index] == found[known.ravel() == index][5]).mean() > 0.9
    assert answer["groups"][0]["share"] == pytest.approx((found == "Group 1").mean(), abs=1e-5)
    code, said = run(capsys, "p.parquet", "--out", "g.gpkg", "--colours", "pca", "--colours-out", "c.tif")
    assert (code, said) == (2, "'p.parquet' is a table; false colour is for rasters of vectors.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--clusters", 1], "clusters is 1; it must be a whole number from 2 to 250."),
        (["--clusters", 200], "'few.tif' has 3 different vectors, too few for 200 groups; ask for fewer."),
        (["--method", "hdbscan"], "HDBSCAN finds no groups in 'few.tif' that stand apart from each other; use kmeans."),
        (["--colours", "pca"], "Give --colours pca or umap together with --colours-out, or neither."),
        (["--seed", -1], "seed is -1; it must be a whole number from 0"),
    ],
)
def test_bad_input_is_one_sentence(work, capsys, words, sentence):
    values = np.full((8, 3, 3), np.nan, np.float32)
    values[:, 0] = fields.vectors()[:, 0, ::25]
    fields.write_field("few.tif", values)
    code, said = run(capsys, "few.tif", "--out", "g.tif", *words)
    assert code == 2
    assert said.startswith(sentence)
    assert not (work / "g.tif").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--out", "e.tif"], "'e.tif' is what is read"),
        (["--out", "g.tif", "--colours", "pca", "--colours-out", "g.tif"], "'g.tif' is asked for twice"),
    ],
)
def test_nothing_is_replaced_that_is_read_or_written_besides(work, capsys, words, sentence):
    before = (work / "e.tif").read_bytes()
    code, said = run(capsys, "e.tif", *words)
    assert code == 2
    assert said.startswith(sentence)
    assert (work / "e.tif").read_bytes() == before
    assert not (work / "g.tif").exists()


def test_no_data_at_all(work, capsys):
    fields.write_field("void.tif", np.full((8, 4, 4), np.nan, np.float32))
    code, said = run(capsys, "void.tif", "--out", "g.tif")
    assert (code, said) == (2, "'void.tif' has no data anywhere; choose another source.")
