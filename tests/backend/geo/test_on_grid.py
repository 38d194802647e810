"""A source seen on another grid: pixels as they are where grids meet, else where they belong."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.transform import from_origin
from rasterio.warp import calculate_default_transform

from backend.errors import BadInput
from backend.geo.on_grid import OnGrid, outline
from backend.geo.raster import Grid, Window
from backend.geo.reader import SourceReader
from backend.protocol.source import Source

PLACE = from_origin(300000, 3000000, 2, 2)
UTM = "EPSG:32645"


def slopes(height, width, transform):
    """Return a picture whose colours tell the place: a wave to the east, a wave to the north, and grey."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    x, y = transform.a * columns + transform.c, transform.e * rows + transform.f
    waves = [127 + 100 * np.sin((x - 300000) / 20), 127 + 100 * np.cos((y - 3000000) / 25), np.full(x.shape, 90.0)]
    return np.rint(waves).astype(np.uint8)


@pytest.fixture
def source(tmp_path):
    def write(height=80, width=100, transform=PLACE, values=None, name="s.tif", crs=UTM, **more):
        values = slopes(height, width, transform) if values is None else values
        path = tmp_path / name
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=len(values), dtype=values.dtype,
            crs=crs, transform=transform, **more,
        ) as target:  # fmt: skip
            target.write(values)
        return SourceReader(Source(str(path)), path)

    return write


def test_pixels_are_taken_as_they_are_where_grids_meet(source):
    reader = source()
    grid = Grid(60, 50, PLACE @ Affine.translation(-10, 20), UTM)
    seen = OnGrid(reader, grid).read(Window(5, 3, 40, 40))
    whole = reader.read(Window(0, 0, 100, 80)).image
    assert not seen.valid[:, :5].any()
    assert seen.valid[:, 5:].all()
    np.testing.assert_array_equal(seen.image[:, 5:], whole[23:63, :35])


@pytest.mark.parametrize("size", [2.0, 3.7, 0.9])
def test_what_is_seen_lies_where_it_belongs(source, size):
    reader = source(200, 200)
    to = Affine(size, 0, 300050.7, 0, -size, 2999930.3)
    side = round(200 / size)
    seen = OnGrid(reader, Grid(side, side, to, UTM)).read(Window(0, 0, side, side))
    assert seen.valid.all()
    wanted = slopes(side, side, to).transpose(1, 2, 0)
    assert np.abs(seen.image.astype(int) - wanted).max() <= 3


def test_a_window_is_the_same_part_of_any_larger_one(source):
    to = Affine(1.7, 0.4, 300020, 0.4, -1.7, 2999990)
    noise = np.random.default_rng(0).integers(1, 255, (3, 80, 100)).astype(np.uint8)
    seen = OnGrid(source(values=noise), Grid(80, 60, to, UTM))
    large, small = seen.read(Window(0, 0, 80, 60)), seen.read(Window(21, 13, 30, 30))
    np.testing.assert_array_equal(large.image[13:43, 21:51], small.image)
    np.testing.assert_array_equal(large.valid[13:43, 21:51], small.valid)


def test_another_system_of_coordinates(source):
    reader = source(200, 200)
    to, width, height = calculate_default_transform(UTM, "EPSG:3857", 200, 200, *(300000, 2999600, 300400, 3000000))
    in_mercator = OnGrid(reader, Grid(width, height, to, "EPSG:3857"))
    path = reader.name.replace("s.tif", "m.tif")
    crop = in_mercator.read(Window(0, 0, width, height))
    there = source(values=crop.image.transpose(2, 0, 1), height=height, width=width, transform=to, crs="EPSG:3857",
                   name=path)  # fmt: skip
    back = OnGrid(there, reader.grid).read(Window(60, 60, 80, 80))
    assert back.valid.all()
    first = reader.read(Window(60, 60, 80, 80)).image
    assert np.abs(back.image.astype(int) - first).mean() < 2


def test_a_shift_without_a_georeference(source):
    values = slopes(64, 64, from_origin(300000, 3000000, 1, 1))
    reader = source(64, 64, Affine.identity(), values, crs=None)
    seen = OnGrid(reader, reader.grid, (3.0, -2.0)).read(Window(0, 0, 64, 64))
    picture = values.transpose(1, 2, 0)
    np.testing.assert_array_equal(seen.image[2:, :61], picture[:62, 3:])
    assert not seen.valid[:2].any()
    half = OnGrid(reader, reader.grid, (0.5, 0.0)).read(Window(0, 0, 64, 64)).image[5:60, 5:58]
    wanted = (picture[5:60, 5:58].astype(int) + picture[5:60, 6:59]) / 2
    assert np.abs(half - wanted).max() <= 3


def test_holes_do_not_shine_through(source):
    values = slopes(80, 100, PLACE)
    values[:, 30:50, 40:60] = 0
    seen = OnGrid(source(values=values, nodata=0), Grid(100, 80, PLACE @ Affine.translation(0.5, 0.5), UTM))
    crop = seen.read(Window(0, 0, 100, 80))
    assert not crop.valid[30:49, 40:59].any()
    assert crop.valid[27, 37]
    assert crop.image[crop.valid][:, 2].min() >= 80  # grey 90 throughout
    with pytest.raises(BadInput, match="no data"):
        seen.read(Window(42, 32, 10, 10))


def test_the_outline_on_another_grid():
    source = Grid(100, 80, PLACE, UTM)
    found = outline(source, Grid(50, 50, PLACE @ Affine.translation(10, 20) @ Affine.scale(2), UTM))
    np.testing.assert_allclose(found.bounds, (-5, -10, 45, 30))
