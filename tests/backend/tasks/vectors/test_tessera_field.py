"""TESSERA tiles in the folders that GeoTessera makes."""

import json

import numpy as np
import pytest
from affine import Affine
from pyproj import Transformer

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.tessera_grid import tile_grid
from tests.backend.published import landmask, tile

CORNER = (293612.22121570027, 5765288.254856761)
"""Of GeoTessera's export of the tile 0.05, 51.95, which has 732 x 1140 cells, as its authors show it."""


@pytest.mark.parametrize("scale_bands", [False, True])
def test_numbers_times_scales_at_unit_length(tmp_path, scale_bands):
    path, truth = tile(tmp_path, rows=60, columns=50, width=16, scale_bands=scale_bands)
    landmask(tmp_path / "grid_0.05_51.95.tiff", 60, 50)
    with open_vectors(path) as field:
        found = field.read(Window(2, 3, 40, 50))
        coarse = field.read(Window(0, 0, 50, 60), 16)
    assert found == pytest.approx(truth[:, 3:53, 2:42], abs=1e-6, nan_ok=True)
    assert np.isnan(found[:, 2:6, 1:5]).all()
    assert coarse.shape == (16, 4, 4)
    first = np.nanmean(truth[:, :16, :16], axis=(1, 2))
    assert coarse[:, 0, 0] == pytest.approx(first / np.linalg.norm(first), abs=1e-5)


def test_the_landmask_in_geotessera_s_folders_says_where(tmp_path):
    path, _ = tile(
        tmp_path / "global_0.1_degree_representation" / "2024" / "grid_0.05_51.95", rows=40, columns=30, width=8
    )
    landmask(tmp_path / "global_0.1_degree_tiff_all" / "grid_0.05_51.95.tiff", 40, 30)
    sidecar = {"dataset_version": "1.1", "dataset_variant": "vultr"}
    (tmp_path / "tessera_metadata.json").write_text(json.dumps(sidecar))
    with open_vectors(path) as field:
        assert field.grid.transform == Affine(10, 0, 293600, 0, -10, 5765300)
        assert "UTM zone 31N" in field.grid.crs
        assert field.identity == Identity("tessera-v1.1", "", 8)


def test_without_a_landmask_the_name_does(tmp_path):
    path, _ = tile(tmp_path / "v1" / "2024", width=4)
    with open_vectors(path) as field, open_vectors(path.with_name("grid_0.05_51.95_scales.npy")) as same:
        assert field.grid.crs == "EPSG:32631"
        assert (field.grid.transform.c, field.grid.transform.f) == pytest.approx(CORNER, abs=1e-3)
        assert (field.grid.width, field.grid.height) == (732, 1140)
        assert field.identity.model == "tessera-v1"
        assert same.grid == field.grid


def test_what_is_missing_or_no_tile_is_said(tmp_path):
    path, _ = tile(tmp_path, rows=20, columns=30, width=8)
    with pytest.raises(BadInput, match=r"Nothing says where 'grid_0.05_51.95.npy' lies: lay the tile's landmask"):
        open_vectors(path)
    landmask(tmp_path / "grid_0.05_51.95.tif", 21, 30)
    with pytest.raises(BadInput, match="Nothing says where"):
        open_vectors(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:2000])
    with pytest.raises(BadInput, match=r"'grid_0.05_51.95.npy' cannot be read: it is no array"):
        open_vectors(path)
    np.save(path, np.array([{"a": 1}]), allow_pickle=True)
    with pytest.raises(BadInput, match="it is no array"):
        open_vectors(path)
    np.save(path, np.zeros((20, 30, 8), np.float32))
    with pytest.raises(BadInput, match="is no TESSERA tile"):
        open_vectors(path)
    path.with_name("grid_0.05_51.95_scales.npy").unlink()
    with pytest.raises(BadInput, match=r"has no 'grid_0.05_51.95_scales.npy' beside it"):
        open_vectors(path)


@pytest.mark.parametrize(
    ("name", "crs"),
    [("grid_-71.55_-33.05", "EPSG:32719"), ("grid_179.95_-16.55", "EPSG:32760"), ("grid_-0.05_51.55", "EPSG:32630")],
)
def test_names_of_all_quarters_of_the_earth(tmp_path, name, crs):
    longitude, latitude = map(float, name.split("_")[1:])
    to_metres = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    left, bottom, right, top = to_metres.transform_bounds(
        longitude - 0.05, latitude - 0.05, longitude + 0.05, latitude + 0.05
    )
    rows, columns = round((top - bottom) / 10), round((right - left) / 10)
    grid = tile_grid(tmp_path / f"{name}.npy", rows, columns)
    assert grid.crs == crs
    middle = to_metres.transform(longitude, latitude)
    assert grid.transform @ (columns / 2, rows / 2) == pytest.approx(middle, abs=100)
    with pytest.raises(BadInput, match="Nothing says where"):
        tile_grid(tmp_path / f"{name}.npy", rows + 3, columns)
