"""A GeoPackage that grows row by row: the same bytes for the same rows, whole or refused."""

import contextlib
import subprocess

import pyogrio
import pytest
import shapely

from backend.errors import Unavailable
from backend.geo.append_vector import ROWS, GeopackageRows
from backend.geo.atomic import Batch
from backend.protocol import codes

COLUMNS, TIME = ("id", "score", "created"), "2026-11-21T10:11:12Z"


def write(path, count, time=TIME):
    with GeopackageRows(path, COLUMNS, "EPSG:32645", "things", time) as rows:
        for number in range(count):
            rows.add({"id": str(number), "score": 0.5, "created": TIME}, [shapely.box(number, 0, number + 1, 1)])
    return path


@pytest.mark.parametrize("count", [0, 1, ROWS + 3])
def test_what_is_added_is_there_with_its_index(tmp_path, count):
    path = write(tmp_path / "a.gpkg", count)
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="things")
    assert columns[0].tolist() == [str(number) for number in range(count)]
    assert meta["crs"] == "EPSG:32645"
    assert [shape.bounds[0] for shape in shapely.from_wkb(shapes)] == list(range(count))
    assert pyogrio.read_info(path)["features"] == count
    if count:
        assert len(pyogrio.raw.read(path, bbox=(0.2, 0.2, 0.8, 0.8))[2]) == 1


def test_the_same_rows_give_the_same_bytes_whenever_they_are_written(tmp_path):
    one, other = (write(tmp_path / name, ROWS + 3).read_bytes() for name in ("one.gpkg", "other.part.gpkg"))
    assert one == other
    assert write(tmp_path / "later.gpkg", ROWS + 3, "2026-11-22T10:11:12Z").read_bytes() != one


def test_rows_leave_memory(tmp_path):
    with GeopackageRows(tmp_path / "a.gpkg", COLUMNS, "", "things", TIME) as rows:
        for number in range(2 * ROWS):
            rows.add({"id": str(number), "score": 0.5, "created": TIME}, [shapely.box(0, 0, 1, 1)])
            assert len(rows._rows) < ROWS
        size = (tmp_path / "a.gpkg").stat().st_size
        assert size > 100 * ROWS


@pytest.mark.parametrize("room_kb", range(0, 320, 40))
def test_on_a_full_disk_it_is_whole_or_refused(tmp_path, room_kb):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={room_kb + 4}k", "tmpfs", small]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk takes root on Linux")
    try:
        whole = write(tmp_path / "whole.gpkg", 400).read_bytes()
        said = []
        with contextlib.suppress(Unavailable), Batch() as batch:
            try:
                batch.write(small / "a.gpkg", lambda path: write(path, 400))
            except Unavailable as error:
                said.append(error.code)
                raise
        assert said in ([], [codes.DISK_FULL])
        assert [file.read_bytes() for file in small.iterdir()] == ([] if said else [whole])
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)
