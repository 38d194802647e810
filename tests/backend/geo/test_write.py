import errno
import os
import subprocess
import sys

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from backend.errors import BadInput, Unavailable
from backend.geo.atomic import write_bytes
from backend.geo.raster import Grid, Window
from backend.geo.write_mask import write_mask
from backend.geo.write_vector import FIELDS, Feature, write_geopackage
from backend.protocol import codes

SQUARE = shapely.box(300000, 2999900, 300010, 2999910)
FEATURE = Feature("a", 0.9, "", '{"id": "a"}', "classic", "image", 100.0, "2026-11-21T10:11:12Z", (SQUARE,))
GRID = Grid(700, 600, Affine(0.5, 0, 300000, 0, -0.5, 3000000), "EPSG:32645")


def test_a_geopackage_holds_fields_shapes_and_crs(tmp_path):
    path = tmp_path / "ö b.gpkg"
    other = Feature("b", 0.5, "roof", "{}", "classic", "image", 3.0, "2026-11-21T10:11:12Z", (SQUARE, SQUARE))
    write_geopackage(path, [FEATURE, other], GRID.crs, "roofs")
    meta, _, geometry, columns = pyogrio.raw.read(path, layer="roofs")
    assert meta["crs"] == "EPSG:32645"
    assert tuple(meta["fields"]) == FIELDS
    assert [column[0] for column in columns[:3]] == ["a", 0.9, ""]
    assert str(columns[7][0]).startswith("2026-11-21T10:11:12")
    assert [len(shape.geoms) for shape in shapely.from_wkb(geometry)] == [1, 2]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ö b.gpkg"]


def test_an_existing_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a.gpkg"
    write_geopackage(path, [FEATURE, FEATURE], GRID.crs, "old")
    (tmp_path / "a.gpkg-wal").write_bytes(b"stale")
    write_geopackage(path, [FEATURE], "")
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["objects"]
    assert pyogrio.read_info(path)["features"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]
    write_geopackage(path, [], GRID.crs)
    assert pyogrio.read_info(path)["features"] == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, codes.DISK_FULL), (errno.EIO, codes.OUTPUT_UNWRITABLE), (errno.EACCES, codes.OUTPUT_UNWRITABLE)],
)
def test_when_the_disk_fails_the_old_file_stays_and_nothing_else(tmp_path, monkeypatch, number, code):
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"old")

    def fail(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((BadInput, Unavailable)) as error:
        write_geopackage(path, [FEATURE], GRID.crs)
    assert error.value.code == code
    assert "'a.gpkg'" in error.value.detail
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits a process's file size")
def test_a_write_that_really_stops_half_way(tmp_path):
    """The system refuses after 4096 bytes: the file is not there, nor is half of it."""
    code = (
        "import resource, signal, pathlib, sys\n"
        "from backend.errors import BadInput\n"
        "from backend.geo.atomic import write_bytes\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_bytes(pathlib.Path(sys.argv[1]), bytes(100000))\n"
        "except BadInput as error: sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.bin")], check=False)
    assert done.returncode == 7
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "none" / "a.gpkg", tmp_path / "folder"):
        with pytest.raises(BadInput) as error:
            write_bytes(path, b"x")
        assert error.value.code == codes.OUTPUT_UNWRITABLE
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("step", [1, 4])
def test_a_mask_lies_on_the_images_grid(tmp_path, step):
    mask = np.random.default_rng(1).random((-(-90 // step), -(-101 // step))) > 0.5
    write_mask(tmp_path / "a.tif", mask, Window(599, 510, 101, 90), step, GRID)
    with rasterio.open(tmp_path / "a.tif") as dataset:
        assert (dataset.width, dataset.height, dataset.dtypes) == (700, 600, ("uint8",))
        assert dataset.crs.to_epsg() == 32645
        assert dataset.transform == GRID.transform
        assert dataset.profile["tiled"]
        values = dataset.read(1)
    assert (values[510:600, 599:700] == mask.repeat(step, 0).repeat(step, 1)[:90, :101]).all()
    assert values.sum() == values[510:, 599:].sum()


def test_a_small_object_of_a_huge_image_makes_a_small_file(tmp_path):
    grid = Grid(200_000, 200_000, Affine.identity(), "")
    write_mask(tmp_path / "a.tif", np.ones((10, 10), bool), Window(150_000, 150_000, 10, 10), 1, grid)
    assert (tmp_path / "a.tif").stat().st_size < 12_000_000
    with rasterio.open(tmp_path / "a.tif") as dataset:
        assert dataset.transform.is_identity
        assert dataset.read(1, window=((149_995, 150_015), (149_995, 150_015))).sum() == 100
