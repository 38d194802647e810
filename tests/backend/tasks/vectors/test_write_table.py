import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from backend.geo.atomic import Batch
from backend.geo.read_parquet import read_metadata, read_parquet
from backend.geo.unit_bytes import at_unit_length
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table

ABOUT = About("embed", "2026-11-21T20:00:00Z", title="Mini", kind=CHIP)
VECTORS = at_unit_length(np.random.default_rng(0).normal(size=(400, 16)), axis=1).astype(np.float32)


def table(geometries, crs="EPSG:32632"):
    ids = [f"chip {index}" for index in range(len(geometries))]
    return VectorTable(VECTORS[: len(ids)], geometries, crs, ids, Identity("mini", "", 16), "C.parquet", ())


def chips():
    columns, rows = np.meshgrid(np.arange(20), np.arange(20))
    left, low = 500000 + 1280.0 * columns.ravel(), 5000000 + 1280.0 * rows.ravel()
    return shapely.box(left, low, left + 1280, low + 1280)


def test_chips_are_geoparquet_in_hilbert_order(tmp_path):
    path = tmp_path / "C.parquet"
    with Batch() as batch:
        write_table(batch, path, table(chips()), ABOUT, {"column": np.arange(400), "scales": VECTORS[:, :3]})
    found = read_parquet(path)
    assert list(found) == ["id", "column", "scales", "embedding"]
    order = found["column"]
    assert found["id"] == [f"chip {index}" for index in order]
    assert np.array_equal(found["embedding"], VECTORS[order])
    shapes = shapely.from_wkb(pq.read_table(path).column("geometry").to_pylist())
    assert (shapes == chips()[order]).all()
    steps = shapely.distance(shapely.centroid(shapes[1:]), shapely.centroid(shapes[:-1]))
    assert np.median(steps) == 1280
    assert steps.mean() < 1.2 * 1280, "far less than row by row after a shuffle"
    file = pq.ParquetFile(path)
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    geo = json.loads(read_metadata(path)["geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"], column["geometry_types"]) == ("1.1.0", "geometry", ["Polygon"])
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 32632}
    assert column["bbox"] == [500000, 5000000, 525600, 5025600]
    assert column["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    box = pq.read_table(path).column("bbox")[0].as_py()
    assert tuple(box.values()) == pytest.approx(shapes[0].bounds)


def test_footer_and_item_say_what_made_them(tmp_path):
    path = tmp_path / "C.parquet"
    with Batch() as batch:
        write_table(batch, path, table(chips()), replace(ABOUT, parameters={"size": 128, "stride": 64}))
    emb = json.loads(read_metadata(path)["emb"])
    assert (emb["emb:type"], emb["emb:dimensions"], emb["model"]["id"]) == ("chip", 16, "mini")
    layout = {"layout_type": "regular_grid", "chip_size": [128, 128], "stride": [64, 64]}
    assert emb["emb:chip_layout"] == layout
    item = json.loads((tmp_path / "C.item.json").read_text())
    assert item["assets"]["embeddings"]["href"] == "./C.parquet"
    assert item["geometry"]["type"] == "Polygon"
    assert item["properties"]["proj:bbox"] == [500000, 5000000, 525600, 5025600]


def test_an_item_refers_to_no_record_that_is_not_there(tmp_path):
    for name, record, link in (("a", None, "./a.run.json"), ("b", "run.json", "./run.json"), ("c", "", None)):
        with Batch() as batch:
            write_table(batch, tmp_path / f"{name}.parquet", table(chips()), replace(ABOUT, record=record))
        item = json.loads((tmp_path / f"{name}.item.json").read_text())
        assert item["assets"].get("run", {}).get("href") == link
        assert [one["href"] for one in item["links"]] == ([link] if link else [])


def test_pictures_of_a_folder_have_paths_and_no_place(tmp_path):
    path = tmp_path / "V.parquet"
    with Batch() as batch:
        write_table(batch, path, table(np.full(3, shapely.Point()), crs=""), ABOUT)
    assert list(read_parquet(path)) == ["path", "embedding"]
    assert "geo" not in read_metadata(path)
    assert json.loads((tmp_path / "V.item.json").read_text())["geometry"] is None
