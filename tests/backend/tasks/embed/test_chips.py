"""Chips and folders of pictures as tables."""

import json

import numpy as np
import pyarrow.parquet
import pytest
import shapely

from backend.errors import BadInput, Cancelled
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source
from backend.tasks.embed import chips
from backend.tasks.embed.folder import embed_folder
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity
from tests.backend.tasks.embed.conftest import Colours


def rows(path):
    """Return the file's rows, in the order of their ids."""
    return pyarrow.parquet.read_table(path).sort_by("id").to_pylist()


def test_a_chip_is_a_polygon_with_its_vector(picture, embed):
    ran = embed(picture(), Colours(), "c.parquet", size=40)
    found = rows(ran.out)
    assert len(found) == 7 * 5 - 2, "one lies in the corner without data, one in the ellipse"
    one = next(row for row in found if (row["column"], row["row"]) == (80, 40))
    assert shapely.from_wkb(one["geometry"]).bounds == (500040, 3999960, 500060, 3999980)
    assert np.linalg.norm(one["embedding"]) == pytest.approx(1)
    assert one["scales"] == [0.25, 0.75]
    record = json.loads(ran.out.with_suffix(".run.json").read_text())
    assert record["chips"] == len(found)


def test_chips_of_an_area_are_those_of_the_whole(picture, embed):
    path = picture()
    whole = {row["id"]: row for row in rows(embed(path, Colours(), "w.parquet", size=40, stride=20).out)}
    area = "POLYGON((500030 3999990, 500110 3999960, 500060 3999900, 500030 3999990))"
    some = rows(embed(path, Colours(), "p.parquet", size=40, stride=20, area=area).out)
    assert 3 < len(some) < len(whole)
    assert all(whole[row["id"]]["embedding"] == row["embedding"] for row in some)
    inside = [shapely.from_wkt(area).covers(shapely.centroid(shapely.from_wkb(row["geometry"]))) for row in some]
    assert all(inside)
    left_out = [row for name, row in whole.items() if name not in {one["id"] for one in some}]
    assert not any(shapely.from_wkt(area).contains(shapely.from_wkb(row["geometry"]).centroid) for row in left_out)


def test_stopped_chips_go_on_to_the_same_bytes(picture, embed, monkeypatch):
    monkeypatch.setattr(chips, "PACK", 5)
    path = picture()
    once = embed(path, Colours(), "once.parquet", size=20)

    def progress(percent, message):
        if percent > 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed(path, Colours(), "again.parquet", progress, size=20)
    again = embed(path, Colours(), "again.parquet", size=20)
    assert rows(again.out) == rows(once.out)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"size": 4}, "size is 4"),
        ({"size": 240}, "larger than"),
        ({"stride": -1}, "stride is -1"),
        ({"size": 40, "area": "500000,3999999,500001,4000000"}, "No chip"),
        ({"size": 40, "stride": 40, "area": "500002,3999980,500018,3999998"}, "no data"),
    ],
)
def test_chips_that_cannot_be(picture, embed, wanted, said):
    with pytest.raises(BadInput, match=said):
        embed(picture(), Colours(), "c.parquet", **wanted)


def folder_of(path, out, model):
    about = About("embed", "2026-01-01T00:00:00Z", kind=CHIP, dtype="float32")

    def opened(picture):
        return SourceReader(Source(path=str(picture)), picture)

    return embed_folder(path, model, Identity("colours", "", 3), about, out, opened, lambda *_: None)


def test_a_folder_of_pictures(picture, tmp_path):
    for name in ("b.tif", "a.tif"):
        picture(40, 30, holes=False, name=name)
    assert folder_of(tmp_path, tmp_path / "v.parquet", Colours()) == 2
    found = pyarrow.parquet.read_table(tmp_path / "v.parquet").to_pylist()
    assert [row["path"] for row in found] == ["a.tif", "b.tif"]
    assert np.linalg.norm(found[0]["embedding"]) == pytest.approx(1)


def test_a_folder_without_pictures(tmp_path):
    with pytest.raises(BadInput) as raised:
        folder_of(tmp_path, tmp_path / "v.parquet", Colours())
    assert raised.value.code == codes.SOURCE_MISSING
