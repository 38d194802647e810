"""Web map tiles: where they lie, what they show, that they say what they are, and that they appear whole."""

import json
import sqlite3
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.io import MemoryFile

from backend.errors import BadInput, Cancelled, Unavailable
from backend.geo.atomic import Batch, check_folder
from backend.geo.map_tiles import METADATA, TileSet, mbtiles_writer, xyz_writer
from backend.geo.mosaic_vrt import Mosaic, Piece, picture_bands
from backend.geo.raster import Grid, Window
from backend.geo.synthetic import Synthetic
from backend.geo.tile_lattice import HALF, SIDE, Tile, pixel_size, spread
from backend.geo.write_cog import AVERAGE, cog_writer

MARK = Synthetic("mini-generator", "ab" * 32, "run-7", 3)
ZOOM = 14
PIXEL = pixel_size(ZOOM)
LEFT, TOP = 10_705, 6_985
"""A tile of zoom 14 in Dubai."""


def silent(percent, text):
    """Tell nobody how far it is."""


def make(folder, pixels, crs="EPSG:3857", transform=None, mark=MARK, name="cog.tif"):
    bands, height, width = pixels.shape
    with rasterio.open(
        folder / "a.tif", "w", driver="GTiff", width=width, height=height, count=bands, dtype="uint8"
    ) as file:
        file.write(pixels)
    corner = Affine(PIXEL, 0, LEFT * SIDE * PIXEL - HALF, 0, -PIXEL, HALF - TOP * SIDE * PIXEL)
    grid = Grid(width, height, transform or corner, crs)
    tags, xmp = (mark.tags(), mark.xmp()) if mark else ({}, "")
    mosaic = Mosaic(grid, [Piece("a.tif", Window(0, 0, width, height))], picture_bands(bands == 3), tags, xmp)
    cog_writer(mosaic.write(folder / "a.vrt"), AVERAGE, picture=True)(folder / name)
    return folder / name


def cut(cog, tiles, progress=silent):
    with Batch() as batch:
        batch.write_folder(cog.with_name("tiles"), xyz_writer(cog, tiles, progress))
    return cog.with_name("tiles")


def image(data):
    with MemoryFile(data) as memory, memory.open() as dataset:
        return dataset.read()


@pytest.fixture(scope="module")
def pixels():
    """Return three tiles by two: red, green, blue and alpha; the last tile is empty, one pixel is not opaque."""
    values = np.random.default_rng(0).integers(0, 255, (4, 2 * SIDE, 3 * SIDE)).astype(np.uint8)
    values[3] = 255
    values[3, 5, 300] = 0
    values[3, SIDE:, 2 * SIDE :] = 0
    return values


@pytest.fixture(scope="module")
def cog(tmp_path_factory, pixels):
    return make(tmp_path_factory.mktemp("tiles"), pixels)


def test_a_raster_on_the_lattice_becomes_its_own_pixels(cog, pixels):
    folder = cut(cog, TileSet("Dubai", marked=False))
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png") if path.parts[-3] == "14")
    there = [(col, row) for col in range(3) for row in range(2) if (col, row) != (2, 1)]
    assert found == [f"{ZOOM}/{LEFT + col}/{TOP + row}.png" for col, row in there]
    for col, row in there:
        shown = image((folder / f"{ZOOM}/{LEFT + col}/{TOP + row}.png").read_bytes())
        wanted = pixels[:, row * SIDE : (row + 1) * SIDE, col * SIDE : (col + 1) * SIDE]
        seen = wanted[3] > 0
        assert (shown[:3, seen] == wanted[:3, seen]).all()
        assert len(shown) == 3 or (shown[3] == wanted[3]).all()


def test_coarser_tiles_are_means_of_what_can_be_seen(cog, pixels):
    folder = cut(cog, TileSet("Dubai", marked=False))
    shown = image((folder / f"13/{LEFT // 2}/{TOP // 2}.png").read_bytes())
    down, right = SIDE // 2 * (TOP % 2), SIDE // 2 * (LEFT % 2)
    part = shown[:, down : down + SIDE // 2, right : right + SIDE // 2]
    wanted = pixels[:3, :SIDE, :SIDE].reshape(3, SIDE // 2, 2, SIDE // 2, 2).mean(axis=(2, 4))
    assert np.abs(part[:3] - wanted).max() <= 0.5
    assert (part[3] == 255).all()


def test_a_pixel_that_cannot_be_seen_does_not_colour_the_mean(tmp_path):
    values = np.full((4, 2 * SIDE, 2 * SIDE), 255, np.uint8)
    values[:3] = 200
    values[:, 0, 0] = 0
    cog = make(tmp_path, values)
    shown = image((cut(cog, TileSet("x", marked=False)) / f"13/{LEFT // 2}/{TOP // 2}.png").read_bytes())
    down, right = SIDE // 2 * (TOP % 2), SIDE // 2 * (LEFT % 2)
    assert shown[:, down, right].tolist() == [200, 200, 200, 191]


def test_a_place_is_where_its_coordinates_say(tmp_path):
    """A white square in UTM, away from its central meridian, comes out at the pixel that its degrees fall on."""
    from rasterio.warp import transform

    values = np.zeros((3, 400, 400), np.uint8)
    values[:, 180:220, 180:220] = 255
    grid = Affine(7, 0, 300_000, 0, -7, 2_790_000)
    cog = make(tmp_path, values, "EPSG:32640", grid)
    folder = cut(cog, TileSet("x", marked=False))
    zoom = json.loads((folder / METADATA).read_text(encoding="utf-8"))["maxzoom"]
    (x,), (y,) = transform("EPSG:32640", "EPSG:3857", [300_000 + 7 * 200], [2_790_000 - 7 * 200])
    col, row = (x + HALF) / pixel_size(zoom), (HALF - y) / pixel_size(zoom)
    shown = image((folder / f"{zoom}/{int(col) // SIDE}/{int(row) // SIDE}.png").read_bytes())
    rows, columns = np.nonzero(shown[0] > 127)
    assert abs(columns.mean() + 0.5 - col % SIDE) < 1
    assert abs(rows.mean() + 0.5 - row % SIDE) < 1


def test_synthetic_tiles_say_so_to_the_eye_and_to_machines(cog):
    folder = cut(cog, TileSet("Dubai"))
    plain = cut(cog, TileSet("Dubai", marked=False)).rename(cog.with_name("plain"))
    folder = cut(cog, TileSet("Dubai"))
    path = f"{ZOOM}/{LEFT}/{TOP}.png"
    data = (folder / path).read_bytes()
    changed = (image(data)[:3] != image((plain / path).read_bytes())[:3]).any(axis=0)
    assert changed[-13:, :60].mean() > 0.9
    assert not changed[:-13].any()
    assert not changed[:, 60:].any()
    assert_told(data)
    about = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    assert about["name"] == "SYNTHETIC – Dubai"
    assert (about["minzoom"], about["maxzoom"]) == (12, ZOOM)


def test_pictures_of_the_ground_are_not_called_synthetic(tmp_path, pixels):
    folder = cut(make(tmp_path, pixels, mark=None), TileSet("Dubai"))
    assert json.loads((folder / METADATA).read_text(encoding="utf-8"))["name"] == "Dubai"
    assert (image((folder / f"{ZOOM}/{LEFT}/{TOP}.png").read_bytes())[:3] == pixels[:3, :SIDE, :SIDE]).all()


def test_jpeg_tiles_are_white_where_nothing_is(tmp_path):
    values = np.zeros((4, SIDE, SIDE), np.uint8)
    values[3, :, 128:] = 255
    data = (cut(make(tmp_path, values), TileSet("x", kind="jpg", marked=False)) / f"14/{LEFT}/{TOP}.jpg").read_bytes()
    assert (image(data)[:, :, :112] > 240).all()
    assert (image(data)[:, :, 144:] < 15).all()
    assert_told(data)


def assert_told(data):
    packet = data[data.index(b"<x:xmpmeta") : data.index(b"</x:xmpmeta>") + 12]
    assert "trainedAlgorithmicMedia" in "".join(ElementTree.fromstring(packet).itertext())


def test_an_mbtiles_file_holds_the_same_tiles_rows_from_the_south(cog, tmp_path):
    path = tmp_path / "dubai.mbtiles"
    with Batch() as batch:
        batch.write(path, mbtiles_writer(cog, TileSet("Dubai", "Made by Toposcope"), silent))
    folder = cut(cog, TileSet("Dubai", "Made by Toposcope"))
    with sqlite3.connect(path) as file:
        about = dict(file.execute("SELECT name, value FROM metadata"))
        tiles = file.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles").fetchall()
    assert len(tiles) == len(list(folder.rglob("*.png")))
    for zoom, col, row, data in tiles:
        assert (folder / f"{zoom}/{col}/{2**zoom - 1 - row}.png").read_bytes() == data
    assert (about["name"], about["attribution"], about["format"]) == ("SYNTHETIC – Dubai", "Made by Toposcope", "png")
    west, south, east, north = map(float, about["bounds"].split(","))
    assert 55.2 < west < east < 55.4
    assert 25.5 < south < north < 25.7
    with rasterio.open(path, driver="MBTiles") as dataset:
        assert dataset.crs.to_epsg() == 3857


@pytest.mark.parametrize(("write", "writer"), [(Batch.write_folder, xyz_writer), (Batch.write, mbtiles_writer)])
def test_stopped_half_way_nothing_is_left(cog, tmp_path, write, writer):
    def stop(percent, text):
        if percent > 50:
            raise Cancelled

    with pytest.raises(Cancelled), Batch() as batch:
        write(batch, tmp_path / "tiles", writer(cog, TileSet("x"), stop))
    assert not list(tmp_path.iterdir())


def test_a_set_of_tiles_is_replaced_whole_and_other_folders_are_not(cog):
    folder = cut(cog, TileSet("first"))
    (folder / "12" / "stale.png").write_bytes(b"")
    check_folder(folder, METADATA)
    cut(cog, TileSet("second"))
    assert json.loads((folder / METADATA).read_text(encoding="utf-8"))["name"] == "SYNTHETIC – second"
    assert not (folder / "12" / "stale.png").exists()
    (folder / METADATA).unlink()
    with pytest.raises(BadInput, match="other files"):
        check_folder(folder, METADATA)


@pytest.mark.skipif(sys.platform == "win32", reason="limits a process's file size")
def test_a_full_disk_is_said(cog, tmp_path):
    def write(path):
        import resource

        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        try:
            mbtiles_writer(cog, TileSet("x"), silent)(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    with pytest.raises(Unavailable, match="disk"), Batch() as batch:
        batch.write(tmp_path / "a.mbtiles", write)
    assert not list(tmp_path.iterdir())


def test_the_finest_zoom_is_the_nearest_one():
    corner = Affine(PIXEL, 0, 0, 0, -PIXEL, 0)
    assert spread(Grid(1000, 1000, corner, "EPSG:3857")).high == ZOOM
    assert spread(Grid(1000, 1000, corner @ Affine.scale(1.3), "EPSG:3857")).high == ZOOM
    assert spread(Grid(1000, 1000, corner @ Affine.scale(1.6), "EPSG:3857")).high == ZOOM - 1


def test_the_whole_world_is_one_tile_at_zoom_0():
    needed = spread(Grid(4 * SIDE, 2 * SIDE, Affine(360 / 1024, 0, -180, 0, -180 / 512, 90), "EPSG:4326"))
    assert list(needed.roots()) == [Tile(0, 0, 0)]
    assert (needed.left, needed.top, needed.right, needed.bottom) == (0, 0, 2**needed.high, 2**needed.high)


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (Grid(10, 10, Affine.identity(), ""), "georeference"),
        (Grid(10, 10, Affine(0.1, 0, 10, 0, -0.1, 89), "EPSG:4326"), "85 degrees"),
    ],
)
def test_what_no_web_map_can_show_is_refused(grid, words):
    with pytest.raises(BadInput, match=words):
        spread(grid)
