"""Rasters of vectors as their publishers lay them out, and others; windows, steps, no data, damage."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling

from backend.errors import BadInput
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.raster import Grid, Window
from backend.geo.unit_bytes import from_bytes, to_bytes
from backend.protocol import codes
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.product import ALPHA_EARTH_BANDS, TESSERA_BANDS
from tests.backend.published import NORTH_UP, alpha_earth, means, save, smooth


def cosine(one, other):
    return (np.asarray(one) * np.asarray(other)).sum(0)


def test_alpha_earth_is_known_by_its_bands(tmp_path):
    vectors = smooth(64, 128, 192)
    vectors[:, :20, :30] = np.nan
    with open_vectors(alpha_earth(tmp_path / "xabc-0000000000-0000008192.tiff", vectors)) as field:
        assert field.identity == Identity("alphaearth", "", 64)
        found = field.read(Window(16, 8, 100, 90))
    truth = vectors[:, 8:98, 16:116]
    assert found.shape == (64, 90, 100)
    assert np.array_equal(np.isnan(found), np.isnan(truth))
    assert np.nanmin(cosine(found, truth)) > 0.9995
    assert np.nanmax(np.abs(np.linalg.norm(found, axis=0) - 1)) < 1e-6


def test_south_up_files_come_north_up(tmp_path):
    vectors = smooth(64, 64, 96)
    paths = [alpha_earth(tmp_path / f"{flipped}.tif", vectors, flipped) for flipped in (False, True)]
    with open_vectors(paths[0]) as north, open_vectors(paths[1]) as south:
        assert south.grid == north.grid
        assert south.grid.transform == NORTH_UP
        for step in (1, 2, 3, 4, 8, 16):
            for window in (Window(0, 0, 96, 64), Window(16, 32, 48, 16), Window(7, 5, 50, 41)):
                one, other = north.read(window, step), south.read(window, step)
                assert cosine(one, other).min() > 0.999, (step, window)
                part = vectors[:, window.row : window.row + window.height, window.col : window.col + window.width]
                assert cosine(other, means(part, step)).min() > 0.999, (step, window)


def test_overviews_serve_where_they_are_the_means_and_only_there(tmp_path):
    """Overviews are marked so that it can be seen whether they were read."""
    path = alpha_earth(tmp_path / "a.tif", smooth(64, 131, 190), south_up=True)
    mark = np.zeros(64)
    mark[5] = 1
    for level, side in enumerate(((66, 95), (33, 48), (17, 24))):
        with rasterio.open(path, "r+", overview_level=level) as dataset:
            dataset.write(to_bytes(np.broadcast_to(mark[:, None, None], (64, *side)).copy()))
    with open_vectors(path) as field:
        served = {
            (window, step): bool((cosine(field.read(window, step), mark[:, None, None]) > 0.999).all())
            for window, step in [
                (Window(0, 3, 190, 128), 4),
                (Window(0, 3, 190, 128), 12),
                (Window(8, 3 + 16, 32, 32), 8),
                (Window(0, 0, 190, 131), 4),
                (Window(1, 3, 64, 64), 2),
                (Window(0, 3, 190, 128), 3),
                (Window(0, 3, 190, 128), 1),
            ]
        }
    assert list(served.values()) == [True, True, True, False, False, False, False]


def test_overviews_that_others_made_are_not_trusted(tmp_path):
    """As Earth Engine exports AlphaEarth: floating point, with overviews of whatever program."""
    path = save(tmp_path / "export.tif", smooth(64, 40, 48).astype(np.float64), ALPHA_EARTH_BANDS)
    with rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2, 4], Resampling.nearest)
    with open_vectors(path) as field:
        assert field.identity == Identity("alphaearth", "", 64)
        found = field.read(Window(0, 0, 48, 40), 4)
    assert found == pytest.approx(means(smooth(64, 40, 48), 4), abs=1e-5)


def test_our_own_overviews_serve_too(tmp_path):
    vectors = smooth(8, 300, 520)
    grid = Grid(520, 300, NORTH_UP, "EPSG:32631")
    form = Form(tuple(f"MINI_{i:02d}" for i in range(8)), "int8", unit=True, tags=Identity("mini", "a", 8).tags)
    path = tmp_path / "E.tif"
    write_pyramid(path, grid, form, lambda w: vectors[:, w.row : w.row + w.height, w.col : w.col + w.width], print)
    with open_vectors(path) as field:
        assert field.identity == Identity("mini", "a", 8)
        assert cosine(field.read(Window(0, 0, 520, 300), 4), means(vectors, 4)).min() > 0.999


def test_a_float_raster_without_overviews_is_averaged(tmp_path):
    vectors = 7 * smooth(6, 90, 100)
    path = save(tmp_path / "f.tif", vectors.astype(np.float64))
    with open_vectors(path) as field:
        assert field.identity == Identity("", "", 6)
        assert field.read(Window(0, 0, 100, 90)) == pytest.approx(vectors / 7, abs=1e-6)
        found = field.read(Window(3, 1, 80, 77), 5)
    assert found == pytest.approx(means(vectors[:, 1:78, 3:83] / 7, 5), abs=1e-5)


def test_big_steps_over_wide_rasters_go_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("backend.tasks.vectors.mean.PIECE_BYTES", 6 * 4 * 40)
    vectors = smooth(6, 61, 83)
    path = save(tmp_path / "f.tif", vectors)
    with open_vectors(path) as field:
        for step in (2, 7, 50):
            assert field.read(Window(0, 0, 83, 61), step) == pytest.approx(means(vectors, step), abs=1e-5)


def test_no_data_in_one_band_is_no_data(tmp_path):
    vectors = smooth(5, 40, 50)
    vectors[2, 3, 4] = np.nan
    vectors[1, 10, 11] = -9999
    vectors[4, 20, 21] = np.inf
    vectors[:, 30, 31] = 0
    with open_vectors(save(tmp_path / "n.tif", vectors, nodata=-9999)) as field:
        found = field.read(Window(0, 0, 50, 40))
    holes = np.isnan(found)
    assert (holes.all(0) == holes.any(0)).all()
    assert np.argwhere(holes[0]).tolist() == [[3, 4], [10, 11], [20, 21], [30, 31]]


def test_a_mean_leaves_out_what_is_no_data(tmp_path):
    vectors = smooth(5, 8, 8)
    vectors[:, :4, :4] = np.nan
    vectors[:, 4, 4] = np.nan
    with open_vectors(save(tmp_path / "n.tif", vectors)) as field:
        found = field.read(Window(0, 0, 8, 8), 4)
    assert np.isnan(found[:, 0, 0]).all()
    assert found == pytest.approx(means(vectors, 4), abs=1e-6, nan_ok=True)


def test_int8_with_a_scale_of_its_own_is_linear(tmp_path):
    vectors = smooth(6, 30, 40)
    path = save(tmp_path / "s.tif", np.round(vectors * 100).astype(np.int8), nodata=-128)
    with rasterio.open(path, "r+") as dataset:
        dataset.scales = (0.01,) * 6
    with open_vectors(path) as field:
        assert cosine(field.read(Window(0, 0, 40, 30)), vectors).min() > 0.9995


def test_geotessera_geotiffs_say_their_version(tmp_path):
    tags = {"TESSERA_DATASET_VERSION": "v1", "TESSERA_YEAR": "2024"}
    path = save(tmp_path / "grid_0.15_52.05_2024.tiff", 4 * smooth(128, 32, 32), TESSERA_BANDS, tags=tags)
    with open_vectors(path) as field:
        assert field.identity == Identity("tessera-v1", "", 128)


@pytest.mark.parametrize(
    ("bands", "kind", "said"),
    [(3, "float32", "'b.tif' holds no embeddings"), (8, "uint8", "holds no embeddings"), (8, "int16", "8|float")],
)
def test_pictures_are_no_vectors(tmp_path, bands, kind, said):
    path = save(tmp_path / "b.tif", np.ones((bands, 8, 8), kind))
    with pytest.raises(BadInput, match=said) as caught:
        open_vectors(path)
    assert caught.value.code == codes.PARAMETER_INVALID


def test_files_that_change_vanish_or_break_are_said(tmp_path):
    path = save(tmp_path / "f.tif", smooth(64, 300, 300), tiled=True)
    whole = path.read_bytes()
    with open_vectors(path) as field:
        path.write_bytes(whole + b"\0")
        with pytest.raises(BadInput, match=r"'f.tif' was changed while it was in use"):
            field.read(Window(0, 0, 8, 8))
        path.unlink()
        with pytest.raises(BadInput, match=r"'f.tif' is not there"):
            field.read(Window(0, 0, 8, 8))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match=r"'f.tif' cannot be read"), open_vectors(path) as field:
        field.read(Window(0, 0, 300, 300))


def test_bytes_stand_for_alpha_earth_s_numbers():
    """The published formula."""
    quantised = np.arange(-127, 128).astype(np.int8)
    values = quantised.astype(float)
    assert from_bytes(quantised) == pytest.approx((values / 127.5) ** 2 * np.sign(values), abs=1e-7)
    assert np.array_equal(to_bytes(from_bytes(quantised)), quantised)
