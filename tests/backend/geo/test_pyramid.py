import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.pyramid import Form, windows, write_pyramid
from backend.geo.raster import Grid
from backend.geo.unit_bytes import at_unit_length, from_bytes, to_bytes

GRID = Grid(700, 530, Affine(0.1, 0, -20, 0, -0.1, 60), "EPSG:4326")


def silent(percent, message):
    pass


def drawn(bands, grid=GRID):
    rows, columns = np.mgrid[: grid.height, : grid.width]
    waves = [np.sin((index + 1) * rows / 90) + np.cos((index + 2) * columns / 130) for index in range(bands)]
    return np.stack(waves).astype(np.float32)


def of(values):
    return lambda w: values[:, w.row : w.row + w.height, w.col : w.col + w.width]


def test_windows_cover_each_pixel_once():
    seen = np.zeros((GRID.height, GRID.width), int)
    for w in windows(GRID, 256):
        seen[w.row : w.row + w.height, w.col : w.col + w.width] += 1
    assert (seen == 1).all()


def test_float_bands_come_back_and_overviews_are_means(tmp_path):
    values = drawn(1)
    write_pyramid(tmp_path / "a.tif", GRID, Form(("warmth",), tags={"K": "V & W"}), of(values), silent)
    with rasterio.open(tmp_path / "a.tif") as found:
        assert found.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (found.transform, found.crs.to_epsg(), found.descriptions) == (GRID.transform, 4326, ("warmth",))
        assert found.tags()["K"] == "V & W"
        assert found.tags()["AREA_OR_POINT"] == "Area"
        assert np.array_equal(found.read(), values)
        assert found.overviews(1) == [2, 4]
        half = found.read(1, out_shape=(265, 350))
    assert half == pytest.approx(values[0].reshape(265, 2, 350, 2).mean((1, 3)), abs=1e-6)


def test_unit_vectors_in_bytes_keep_their_direction_at_every_level(tmp_path):
    values = drawn(8)
    values[0] += 3  # no vector is so short that it has no direction
    names = tuple(f"E_{index}" for index in range(8))
    write_pyramid(tmp_path / "e.tif", GRID, Form(names, "int8", unit=True), of(values), silent)
    with rasterio.open(tmp_path / "e.tif") as found:
        assert (found.dtypes[0], found.nodata, found.descriptions) == ("int8", -128, names)
        whole, quarter = from_bytes(found.read()), from_bytes(found.read(out_shape=(8, 133, 175)))
    unit = at_unit_length(values)
    assert (at_unit_length(whole) * unit).sum(0).min() > 0.9995
    assert np.linalg.norm(quarter, axis=0) == pytest.approx(1, abs=0.02)
    means = at_unit_length(unit[:, :528, :700].reshape(8, 132, 4, 175, 4).mean((2, 4)))
    assert (at_unit_length(quarter[:, :132]) * means).sum(0).min() > 0.999


def test_classes_are_never_mixed(tmp_path):
    values = (drawn(1) > 0).astype(np.float32) * 4
    form = Form(("cover",), "uint8", classes=("a", "b", "c", "d", "e"), nodata=255)
    write_pyramid(tmp_path / "c.tif", GRID, form, of(values), silent)
    with rasterio.open(tmp_path / "c.tif") as found:
        assert set(np.unique(found.read(1, out_shape=(133, 175)))) == {0, 4}
        assert found.nodata == 255


@pytest.mark.parametrize("form", [Form(("x",)), Form(("x",), "uint8", nodata=255), Form(("x", "y"), "int8", unit=True)])
def test_no_data_stays_and_does_not_spread(tmp_path, form):
    values = np.full((len(form.names), 512, 512), 0.5, np.float32)
    values[:, :101, :] = np.nan
    grid = Grid(512, 512, GRID.transform, GRID.crs)
    write_pyramid(tmp_path / "n.tif", grid, form, of(values), silent)
    with rasterio.open(tmp_path / "n.tif") as found:
        whole, half = found.read_masks(1), found.read_masks(1, out_shape=(256, 256))
    assert not whole[:101].any()
    assert whole[101:].all()
    assert not half[:50].any()
    assert half[50:].all()


def test_the_same_bytes_again_and_nothing_left_beside(tmp_path):
    for name in ("a.tif", "b.tif"):
        write_pyramid(tmp_path / name, GRID, Form(("x", "y", "z", "u", "v")), of(drawn(5)), silent)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"a.tif", "b.tif"}


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def failing(window):
        if window.col:
            raise BadInput("x", "stopped")
        return drawn(1)[:, : window.height, : window.width]

    with pytest.raises(BadInput), Batch() as batch:
        batch.write(tmp_path / "a.tif", lambda path: write_pyramid(path, GRID, Form(("x",)), failing, silent))
    assert list(tmp_path.iterdir()) == []


def test_bytes():
    values = np.array([0, 1, -1, 0.25, -0.01, np.nan])
    assert to_bytes(values).tolist() == [0, 127, -127, 64, -13, -128]
    assert from_bytes(to_bytes(values)) == pytest.approx(
        [0, 0.9922, -0.9922, 0.252, -0.0104, np.nan], abs=1e-4, nan_ok=True
    )
