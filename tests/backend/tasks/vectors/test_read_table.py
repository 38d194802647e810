"""Tables of vectors as their publishers lay them out, ours, and bad ones."""

import hashlib
import json
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import CRS

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.write_parquet import write_parquet
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table
from tests.backend.published import BOXES, COUNT, LATITUDES, LONGITUDES, RAW, UNIT, geo, major_tom, saved


@pytest.mark.parametrize("compression", ["snappy", "zstd"])
def test_major_tom(tmp_path, compression):
    path = major_tom(tmp_path / "part_00001.parquet", pa.list_(pa.float32()), compression=compression, row_group_size=5)
    table = open_vectors(path)
    assert table.identity == Identity("major-tom", "", 24)
    assert table.vectors == pytest.approx(UNIT, abs=1e-6)
    assert table.vectors.dtype == np.float32
    assert (table.geometries == BOXES).all()
    assert CRS.from_user_input(table.crs) == CRS("OGC:CRS84")
    assert table.ids[0] == hashlib.sha256(b"0U_0R").hexdigest()
    assert table.centres[0] == pytest.approx((13.0025, 52.0025))


@pytest.mark.parametrize("kind", [pa.float16(), pa.float64(), pa.uint16(), pa.binary(2)], ids=str)
def test_other_numbers(tmp_path, kind):
    stored = RAW.astype({"halffloat": np.float16, "double": np.float64}.get(str(kind), np.float32))
    if kind in (pa.uint16(), pa.binary(2)):  # bfloat16
        halves = (RAW.view(np.uint32) >> 16).astype("<u2")
        stored = halves if kind == pa.uint16() else [[half.tobytes() for half in row] for row in halves]
    table = open_vectors(major_tom(tmp_path / "m.parquet", pa.large_list(kind), stored))
    assert (table.vectors * UNIT).sum(1).min() > 0.9999
    assert len(table.vectors) == COUNT


def test_clay(tmp_path):
    columns = {
        "index": pa.array(range(100, 100 + COUNT)),
        "source_url": ["s3://scene.tif"] * COUNT,
        "date": [datetime(2020, 1, 1)] * COUNT,
        "embeddings": pa.array(list(RAW), pa.list_(pa.float32())),
        "geometry": shapely.to_wkb(BOXES).tolist(),
    }
    table = open_vectors(saved(tmp_path / "clay.gpq.parquet", columns, geo(CRS("EPSG:4326").to_json_dict())))
    assert table.identity == Identity("clay", "", 24)
    assert table.ids[:2] == ["100", "101"]
    assert CRS.from_user_input(table.crs) == CRS("EPSG:4326")


def test_earth_index_and_others_say_their_model_in_the_footer(tmp_path):
    columns = {"id": ["a"] * COUNT, "geometry": shapely.to_wkb(BOXES).tolist(), "embedding": list(RAW)}
    footer = geo("none") | {"emb": json.dumps({"version": "0.0.1", "model": {"name": "SSL4EO DINO ViT-S"}})}
    assert open_vectors(saved(tmp_path / "21MNT.parquet", columns, footer)).identity.model == "SSL4EO DINO ViT-S"


def test_our_chips_come_back(tmp_path):
    identity = Identity("mini", "ab" * 32, 24)
    table = VectorTable(UNIT, BOXES, "EPSG:4326", [f"c{i}" for i in range(COUNT)], identity, "C.parquet", ())
    with Batch() as batch:
        more = {"scales": UNIT[:, :3]}
        write_table(batch, tmp_path / "C.parquet", table, About("embed", "2026-11-21T20:00:00Z", kind=CHIP), more)
    found = open_vectors(tmp_path / "C.parquet")
    order = [int(name[1:]) for name in found.ids]
    assert found.identity == identity
    assert found.vectors == pytest.approx(UNIT[order], abs=1e-6)
    assert (found.geometries == BOXES[order]).all()


def test_pictures_of_a_folder_lie_nowhere(tmp_path):
    write_parquet(tmp_path / "V.parquet", {"path": [f"{i}.jpg" for i in range(COUNT)], "embedding": RAW})
    table = open_vectors(tmp_path / "V.parquet")
    assert table.ids[3] == "3.jpg"
    assert table.crs == ""
    assert shapely.is_empty(table.geometries).all()
    assert np.isnan(table.centres).all()


def test_vectors_of_places_are_points(tmp_path):
    columns = {"lon": LONGITUDES, "lat": LATITUDES, "city": ["x"] * COUNT, "embedding": RAW}
    footer = {"emb": json.dumps({"emb:dimensions": 24, "model": {"id": "harmonics", "sha256": {"w.bin": "ff"}}})}
    write_parquet(tmp_path / "L.parquet", columns, footer)
    table = open_vectors(tmp_path / "L.parquet")
    assert table.identity == Identity("harmonics", "ff", 24)
    assert table.centres == pytest.approx(np.stack([LONGITUDES, LATITUDES], axis=1))
    assert CRS.from_user_input(table.crs) == CRS("OGC:CRS84")
    assert table.ids[5] == "5"


def test_rows_without_a_vector_are_left_out(tmp_path):
    rows = [row.tolist() for row in RAW]
    rows[1], rows[3][7], rows[4], rows[5][0] = None, float("nan"), [0.0] * 24, float("inf")
    columns = {"id": list(range(COUNT)), "embedding": pa.array(rows, pa.list_(pa.float32()))}
    table = open_vectors(saved(tmp_path / "t.parquet", columns))
    assert table.ids == ["0", "2", "6", "7", "8", "9", "10", "11"]
    assert len(table.vectors) == len(table.geometries) == 8


def test_rows_without_a_place_have_an_empty_one(tmp_path):
    shapes = shapely.to_wkb(BOXES).tolist()
    shapes[2] = None
    table = open_vectors(saved(tmp_path / "t.parquet", {"embedding": list(RAW), "geometry": shapes}, geo(None)))
    assert table.crs == ""
    assert table.geometries[2].is_empty
    assert np.isnan(table.centres[2]).all()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"id": ["a"], "height": [1.0]}, r"'t.parquet' has no column of vectors.*it has id, height"),
        ({"one": [[1.0, 2]], "two": [[1.0, 2]]}, "has several columns of vectors, one, two; keep one"),
        ({"embedding": [[1.0, 2]], "embeddings": [[1.0, 2]]}, "has several columns of vectors"),
        ({"embedding": [[1.0, 2], [1.0]]}, "has 2 numbers in one row and 1 in row 2; vectors are of one length"),
        ({"embedding": [[0.0, 0.0]]}, "has no vectors in any row of 'embedding'"),
        ({"embedding": pa.array([], pa.list_(pa.float32()))}, "has no vectors in any row"),
        ({"embedding": [[1.0, 2]], "geometry": [b"no"]}, "its geometries are damaged"),
        ({"geometry": [b"no"]}, "has no column of vectors"),
    ],
)
def test_tables_that_hold_no_vectors_are_refused_in_a_sentence(tmp_path, columns, said):
    with pytest.raises(BadInput, match=said) as caught:
        open_vectors(saved(tmp_path / "t.parquet", columns))
    assert caught.value.detail.endswith(".")


def test_a_table_cut_off_or_moved_is_said(tmp_path):
    path = major_tom(tmp_path / "m.parquet", pa.list_(pa.float32()))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadInput, match=r"'m.parquet' is no Parquet file, damaged or cut off\."):
        open_vectors(path)
    path.unlink()
    with pytest.raises(BadInput, match=r"There is no file 'm.parquet'"):
        open_vectors(path)
