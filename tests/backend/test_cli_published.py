"""Published embeddings as a user asks them: search, clusters, classes and change by the command line."""

import json

import numpy as np
import pyarrow as pa
import pyogrio.raw
import pytest
import rasterio
import shapely

from backend.__main__ import main
from tests.backend.published import BOXES, alpha_earth, landmask, major_tom, smooth, tile

TILE = "grid_0.05_51.95.npy"


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    alpha_earth(tmp_path / "south.tiff", smooth(64, 64, 96), south_up=True)
    alpha_earth(tmp_path / "north.tiff", smooth(64, 64, 96))
    tile(tmp_path, rows=40, columns=50, width=16)
    landmask(tmp_path / "grid_0.05_51.95.tiff", 40, 50)
    major_tom(tmp_path / "chips.parquet", pa.list_(pa.float32()))
    return tmp_path


def run(capsys, *words):
    code = main([*map(str, words), "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return json.loads(printed.out)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1), raster.transform


def test_a_click_finds_the_same_whichever_way_the_file_is_stored(work, capsys):
    for name in ("south", "north"):
        run(capsys, "search", f"{name}.tiff", "--pixel", "--point", "70,9,1", "--out", f"{name}.tif")
    (south, at), (north, same) = read("south.tif"), read("north.tif")
    assert at == same
    assert np.abs(south.astype(float) - north).max() <= 2, "of 255 steps"
    assert south[9, 70] > np.median(south) + 50


def test_a_text_that_is_no_phrase_is_refused(work, capsys):
    assert main(["search", "north.tiff", "--text", "water and " * 500, "--out", "s.tif"]) == 2
    assert "has 4999 characters; say it in at most 200." in capsys.readouterr().err
    assert not (work / "s.tif").exists()


def test_a_tile_of_tessera_and_chips_of_major_tom_are_searched(work, capsys):
    run(capsys, "search", TILE, "--pixel", "--point", "20,30,1", "--out", "t.tif")
    values, transform = read("t.tif")
    assert values[30, 20] == values[values != 255].max() > np.median(values) + 50
    assert transform.c == 293600
    x, y = shapely.get_coordinates(BOXES[7].centroid)[0]
    run(capsys, "search", "chips.parquet", "--point", f"{x},{y},1", "--out", "c.gpkg", "--most", 1)
    found = shapely.from_wkb(pyogrio.raw.read("c.gpkg")[2])
    assert found[0].equals(BOXES[7])


def test_published_vectors_are_clustered(work, capsys):
    for name, out in (("south.tiff", "a.tif"), (TILE, "b.tif"), ("chips.parquet", "c.gpkg")):
        assert len(run(capsys, "cluster", name, "--out", out, "--clusters", 3)["groups"]) == 3
    assert read("a.tif")[0].shape == (64, 96)


def test_two_dates_of_one_product_are_compared_and_two_products_never(work, capsys):
    run(capsys, "compare", "south.tiff", "north.tiff", "--out", "d.tif")
    assert np.nanmax(read("d.tif")[0]) < 0.01
    assert main(["compare", "south.tiff", TILE, "--out", "e.tif"]) == 2
    said = "'south.tiff' has vectors of 64 numbers and 'grid_0.05_51.95.npy' of 16; use one model's.\n"
    assert capsys.readouterr().err == said
