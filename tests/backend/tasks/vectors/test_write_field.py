import json
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from backend.geo.atomic import Batch
from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import at_unit_length, to_bytes
from backend.tasks.vectors.about import About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.write_field import write_field

GRID = Grid(300, 270, Affine(40, 0, 500000, 0, -40, 5000000), "EPSG:32632")
WHOLE = Window(0, 0, 300, 270)
MINI = Identity("mini", "ab" * 32, 12)
ABOUT = About("embed", "2026-11-21T20:00:00Z", title="Mini", licence="MIT", paper="Lee, 2019", parameters={"block": 4})


def silent(percent, message):
    pass


def drawn(width=12):
    """A field of three lands whose vectors differ, with a hole."""
    rows, columns = np.mgrid[: GRID.height, : GRID.width]
    waves = [np.sin((i + 1) * rows / 200) + np.cos((i + 2) * columns / 170) + (i == 0) * 3 for i in range(width)]
    found = np.stack(waves).astype(np.float32)
    found[:, 10:40, 200:230] = np.nan
    return found


def of(values):
    return lambda w: values[:, w.row : w.row + w.height, w.col : w.col + w.width]


def written(folder, about=ABOUT, values=None, grid=GRID, name="E.tif"):
    with Batch() as batch:
        write_field(batch, folder / name, grid, MINI, of(drawn() if values is None else values), about, silent)
    return folder / name


def test_vectors_come_back_with_what_made_them(tmp_path):
    path = written(tmp_path)
    truth = at_unit_length(drawn())
    with open_vectors(path) as field:
        assert (field.grid.transform, field.grid.width, field.grid.height) == (GRID.transform, 300, 270)
        assert field.identity == MINI
        found = field.read(WHOLE)
    assert np.array_equal(np.isnan(found), np.isnan(truth))
    assert np.nanmin((found * truth).sum(0)) > 0.999
    with rasterio.open(path) as raster:
        assert raster.descriptions == tuple(f"MINI_{index:02d}" for index in range(12))
        assert raster.tags()["QUANTIZATION"] == "x = sign(q) * (|q| / 127.5) ** 2"


def test_a_grid_that_is_south_up_is_written_north_up(tmp_path):
    grid = Grid(300, 270, Affine(40, 0, 500000, 0, 40, 5000000 - 40 * 270), "EPSG:32632")
    path = written(tmp_path, grid=grid, values=drawn()[:, ::-1])
    with rasterio.open(path) as raster, rasterio.open(tmp_path / "E.preview.tif") as preview:
        assert raster.transform == preview.transform == GRID.transform
    with open_vectors(path) as field:
        assert np.nanmin((field.read(WHOLE) * at_unit_length(drawn())).sum(0)) > 0.999


def test_bytes_are_stored_as_they_come(tmp_path):
    stored = to_bytes(at_unit_length(drawn()))
    with rasterio.open(written(tmp_path, values=stored)) as raster:
        assert np.array_equal(raster.read(), stored)


def test_float_where_asked(tmp_path):
    path = written(tmp_path, replace(ABOUT, dtype="float32"))
    with open_vectors(path) as field:
        assert field.read(WHOLE) == pytest.approx(at_unit_length(drawn()), abs=1e-6, nan_ok=True)
    assert "emb:quantization" not in json.loads((tmp_path / "E.item.json").read_text())["properties"]


def test_the_preview_shows_where_vectors_differ_and_where_nothing_is(tmp_path):
    written(tmp_path)
    with rasterio.open(tmp_path / "E.preview.tif") as raster:
        assert (raster.count, raster.dtypes[0], raster.nodata, raster.transform) == (3, "uint8", 0, GRID.transform)
        seen = raster.read()
    assert (seen[:, 10:40, 200:230] == 0).all()
    assert (seen[:, :, :200] > 0).all()
    assert all(band[band > 0].std() > 30 for band in seen)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_the_preview_of_one_vector_is_one_colour(tmp_path):
    written(
        tmp_path, values=np.where(np.arange(GRID.height * GRID.width).reshape(GRID.height, -1) == 0, drawn(), np.nan)
    )
    with rasterio.open(tmp_path / "E.preview.tif") as raster:
        assert (raster.read() > 0).sum() == 3


def test_the_same_vectors_make_the_same_files(tmp_path):
    names = ("E.tif", "E.preview.tif", "E.item.json")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_item_says_what_and_where_and_nothing_of_this_machine(tmp_path):
    (tmp_path / "scene.tif").touch()
    written(tmp_path, replace(ABOUT, source=tmp_path / "scene.tif"))
    text = (tmp_path / "E.item.json").read_text()
    assert str(tmp_path) not in text
    item = json.loads(text)
    about = item["properties"]
    assert (item["stac_version"], item["id"], about["created"]) == ("1.0.0", "E", ABOUT.made)
    assert any("embeddings" in extension for extension in item["stac_extensions"])
    assert about["proj:code"] == "EPSG:32632"
    assert about["proj:shape"] == [270, 300]
    assert about["emb:quantization"]["quantized_dtype"] == "int8"
    allowed = {"emb:runtime_parameters", "emb:preprocessing", "emb:postprocessing", "emb:quantization"}
    assert {key for key in about if key.startswith("emb:")} <= allowed, "the schema allows no other"
    assert about["emb:runtime_parameters"]["dimensions"] == 12
    asset = item["assets"]["embeddings"]
    assert (asset["href"], asset["data_type"], asset["nodata"]) == ("./E.tif", "int8", -128)
    assert asset["file:size"] == (tmp_path / "E.tif").stat().st_size
    assert asset["gsd"] == pytest.approx(40, abs=0.1)
    links = {link["rel"]: link["href"] for link in item["links"]}
    assert links == {"emb:model": "./E.run.json", "emb:source-data": "./scene.tif"}
    west, south, east, north = item["bbox"]
    assert (west, north) == pytest.approx((9.0, 45.15), abs=0.01)
    assert (east, south) == pytest.approx((9.15, 45.06), abs=0.01)


def test_fields_without_crs_or_without_data(tmp_path):
    grid = Grid(300, 270, Affine.identity(), "")
    written(tmp_path, grid=grid, values=np.full((12, 270, 300), np.nan, np.float32))
    item = json.loads((tmp_path / "E.item.json").read_text())
    assert item["geometry"] is None
    assert "bbox" not in item
    with rasterio.open(tmp_path / "E.preview.tif") as raster:
        assert not raster.read().any()


@pytest.mark.parametrize("taken", ["2024-05-01T10:30:00Z", ""])
def test_the_time_is_the_picture_s_and_not_the_run_s(tmp_path, taken):
    written(tmp_path, replace(ABOUT, taken=taken))
    about = json.loads((tmp_path / "E.item.json").read_text())["properties"]
    assert (about["datetime"], about["processing:datetime"]) == (taken or None, ABOUT.made)
    assert about.get("end_datetime") == (None if taken else ABOUT.made), "STAC takes null beside both only"
    assert ("start_datetime" in about) == (not taken)


@pytest.mark.parametrize(
    ("crs", "left", "cell", "west", "east"),
    [
        ("EPSG:4326", 179.98, 0.001, 179.98, -179.98),
        ("EPSG:4326", -180.03, 0.001, 179.97, -179.99),
        ("EPSG:4326", 200, 0.001, -160, -159.96),
        ("EPSG:4326", 179.96, 0.001, 179.96, 180),
        ("EPSG:4326", -180, 9, -180, 180),
        ("EPSG:4326", 0, 9, -180, 180),
        ("EPSG:32760", 816500, 40, 179.99, -179.995),
    ],
)
def test_boxes_end_at_the_antimeridian(tmp_path, crs, left, cell, west, east):
    grid = Grid(40, 20, Affine(cell, 0, left, 0, -cell, 8000000 if cell == 40 else 80), crs)
    written(tmp_path, grid=grid, values=drawn()[:, :20, :40])
    item = json.loads((tmp_path / "E.item.json").read_text())
    assert item["bbox"][::2] == pytest.approx([west, east], abs=0.01)
    shape = shapely.geometry.shape(item["geometry"])
    parts = [part.bounds[::2] for part in shapely.get_parts(shape)]
    assert np.concatenate(parts) == pytest.approx([west, 180, -180, east] if west > east else [west, east], abs=0.01)
    assert all(part.exterior.is_ccw for part in shapely.get_parts(shape))


@pytest.mark.parametrize(
    ("crs", "left", "box"),
    [
        ('LOCAL_CS["site",UNIT["metre",1]]', 0, None),
        (
            'GEOGCS["Moon",DATUM["D_Moon",SPHEROID["Moon",1737400,0]],PRIMEM["R",0],UNIT["Degree",0.01745329]]',
            0,
            None,
        ),
        ("EPSG:32632", 9e12, None),
        ("EPSG:32760", 816500, "MultiPolygon"),
        ("EPSG:4326", 10, "Polygon"),
    ],
)
def test_where_it_lies_where_that_can_be_told(tmp_path, crs, left, box):
    degrees = crs == "EPSG:4326"
    transform = Affine(0.001, 0, left, 0, -0.001, 50) if degrees else Affine(40, 0, left, 0, -40, 8000000)
    written(tmp_path, grid=Grid(40, 30, transform, crs), values=drawn()[:, :30, :40])
    item = json.loads((tmp_path / "E.item.json").read_text())
    assert (item["geometry"] or {"type": None})["type"] == box
    assert ("bbox" in item) == (box is not None)


def test_nothing_is_left_of_what_failed(tmp_path):
    def broken(window):
        raise KeyError("the model is gone")

    with pytest.raises(KeyError), Batch() as batch:
        write_field(batch, tmp_path / "E.tif", GRID, MINI, broken, ABOUT, silent)
    assert list(tmp_path.iterdir()) == []
